"""Lets each call to DuckDB fail in turn: what it is asked for fails or succeeds as a whole, and the next call works.

python -m tests.faults.nth_call      every operation of a store, every call of each, and every sort of failure
"""

import argparse
import logging
import sys
import tempfile
from asyncio import Runner
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.assessments import AssessmentKind, Score
from spanwell.observability.model.columns import Json
from spanwell.observability.model.errors import SpanwellError
from spanwell.observability.model.times import SECOND
from spanwell.observability.questions.conditions import ALWAYS, Compare, Op, Related, Relation
from spanwell.observability.questions.queries import (
    AssessmentQuery,
    Preview,
    Previewed,
    SpanQuery,
    TraceQuery,
    Window,
    assessment_identity,
)
from spanwell.observability.questions.tree_facts import BelowQuery
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.duckdb.files import database
from spanwell.storage.duckdb.tables.connection import connect
from spanwell.storage.duckdb.upkeep import compaction
from spanwell.storage.duckdb.writing import committing
from tests.making import START, ended, span

SORTS: tuple[type[Exception], ...] = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.FatalException,
    duckdb.TransactionException,
    MemoryError,
)
"""What DuckDB raises where something fails below it."""

_COUNTED = frozenset({"execute", "begin", "commit", "rollback", "cursor", "sql"})
_SCORE = AssessmentKind.SCORE
_ROWS = Window(99)

Operation = Callable[[DuckDBStorage], Awaitable[object]]


def _score(score_id: str, value: float) -> Score:
    return Score(score_id=score_id, trace_id="t", name="quality", value=value, timestamp=START)


OPERATIONS: Mapping[str, Operation] = {
    "create": lambda s: s.batch_create_spans([span("new", "a"), ended("new", "b", "a", input=Json("1"))]),
    "merge": lambda s: s.batch_create_spans([ended("t", "a", name="again"), ended("t", "c", "b")]),
    "update": lambda s: s.batch_update_spans([SpanUpdate("t", "a", {"name": "changed"}), SpanUpdate("u", "x", {})]),
    "delete": lambda s: s.batch_delete_traces(["t", "unknown"]),
    "clear": lambda s: s.dangerously_clear_all(),
    "score": lambda s: s.batch_create_assessments(_SCORE, [_score("1", 2), _score("2", 3)]),
    "delete scores": lambda s: s.batch_delete_assessments(_SCORE, ["1"]),
    "checkpoint": lambda s: s._writer.between(s._writer.checkpoint),
    "reclaim": lambda s: s.reclaim(),
    "spans": lambda s: s.list_spans(SpanQuery(_ROWS)),
    "traces": lambda s: s.list_traces(TraceQuery(_ROWS)),
    "related": lambda s: s.list_spans(SpanQuery(_ROWS, Related(Relation.ANCESTOR, Compare("name", Op.EQ, "span a")))),
    "count": lambda s: s.count_spans(ALWAYS),
    "span": lambda s: s.get_spans([("t", "a"), ("t", "none")]),
    "trace": lambda s: s.get_trace_with_spans("t", SpanQuery(_ROWS)),
    "preview": lambda s: s.get_previews([("t", "a")], Preview(Previewed.INPUT, 3)),
    "blocks": lambda s: s.get_trace_blocks(["t", "u"], frozenset({"span_id", "name"})),
    "surroundings": lambda s: s.get_surroundings([("t", "b")]),
    "below": lambda s: s.list_below([("t", "a")], BelowQuery(9)),
    "stretch": lambda s: s.span_stretch(ALWAYS),
    "scores": lambda s: s.list_assessments(AssessmentQuery(_SCORE, _ROWS, ALWAYS, assessment_identity(_SCORE))),
    "services": lambda s: s.list_services(ALWAYS, 9),
    "size": lambda s: s.get_size(),
}
"""What a store is asked for, each by its name."""


class Calls:
    """Counts calls to DuckDB, and lets one of them fail, in whatever thread that is."""

    def __init__(self) -> None:
        self.left = 0
        self.error: type[Exception] = duckdb.IOException

    def fail(self, number: int, error: type[Exception]) -> None:
        """Let a call fail: the next one is number 1, and with 0 none does."""
        self.left, self.error = number, error

    def take(self) -> None:
        """Count a call."""
        self.left -= 1
        if self.left == 0:
            raise self.error("Injected: a call failed")


class Connection:
    """A connection to DuckDB whose calls are counted."""

    def __init__(self, connection: Any, calls: Calls) -> None:
        self._connection = connection
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        """Return a method of the connection."""
        method = getattr(self._connection, name)
        if name not in _COUNTED:
            return method

        def call(*arguments: Any, **named: Any) -> Any:
            self._calls.take()
            given = method(*arguments, **named)
            return Connection(given, self._calls) if name == "cursor" else given

        return call


class Store:
    """A store with a few spans and a score, of which calls fail."""

    def __init__(self, runner: Runner, db: str, failing: int = 0, error: type[Exception] = duckdb.IOException) -> None:
        self.calls = Calls()
        self.calls.fail(failing, error)
        self._runner = runner
        with patch.object(database, "connect", lambda *arguments: Connection(connect(*arguments), self.calls)):
            self.storage = DuckDBStorage(db, clock=lambda: START + SECOND)
            runner.run(self.storage.init())
        self.reached = self.calls.left <= 0
        """Whether a call failed as it was opened."""

    def fill(self) -> "Store":
        """Store a little."""
        self.run(lambda s: s.batch_create_spans([span("t", "a"), ended("t", "b", "a"), ended("u", "a")]))
        self.run(lambda s: s.batch_create_assessments(_SCORE, [_score("1", 1)]))
        return self

    def run(self, operation: Operation) -> object:
        """Return what an operation gives."""

        async def awaited() -> object:
            return await operation(self.storage)

        return self._runner.run(awaited())

    def content(self) -> list[str]:
        """Return all that is stored, but for the moments of writes."""
        found = []
        for name in ("spans", "traces", "scores"):
            page: Any = self.run(OPERATIONS[name])
            found += [repr(sorted(_plain(node).items(), key=str)) for node in page.nodes]
        return sorted(found)

    def rest(self) -> None:
        """Let what failed be tried again at once."""
        self.calls.fail(0, duckdb.IOException)
        self.storage._database._healed = 0
        self.storage._writer._checkpoints._not_before = 0

    def close(self) -> None:
        """Close it."""
        self._runner.run(self.storage.close())


def _plain(record: Any) -> dict[str, Any]:
    return {
        name: _plain(value) if name == "head" else value
        for name, value in vars(record).items()
        if name not in {"created_at", "updated_at", "changed_at"}
    }


def faults_of(name: str, error: type[Exception], make: Callable[[], Store], most: int = 1_000) -> tuple[int, list[str]]:
    """Let each call of an operation fail in turn; return how many there are, and what was wrong."""
    operation, wrong = OPERATIONS[name], list[str]()
    store = make()
    before = store.content()
    store.run(operation)
    after = store.content()
    store.close()
    for number in range(1, most):
        store = make()
        store.calls.fail(number, error)
        failed: BaseException | None = None
        try:
            store.run(operation)
        except (SpanwellError, duckdb.Error, MemoryError) as raised:
            failed = raised
        except Exception as raised:  # noqa: BLE001 - any other one is what is looked for
            wrong.append(f"{name}, call {number}, {error.__name__}: {raised!r}")
        reached = store.calls.left <= 0
        store.rest()
        try:
            wrong += [
                f"{name}, call {number}, {error.__name__}: {what}"
                for what in _after(store, operation, failed, before, after)
            ]
        except Exception as raised:  # noqa: BLE001 - the next call is to work
            wrong.append(f"{name}, call {number}, {error.__name__}: then {raised!r}")
        with suppress(Exception):
            store.close()
        if not reached:
            return number - 1, wrong
    return most, wrong


def _after(
    store: Store, operation: Operation, failed: BaseException | None, before: list[str], after: list[str]
) -> list[str]:
    """Return what is wrong with a store after an operation that failed, or did not."""
    wrong = []
    if store.content() != (before if failed else after):
        wrong.append("half done" if failed else "not done")
    store.run(operation)
    if store.content() != after:
        wrong.append("not done when it was tried again")
    return wrong


def faults_of_opening(runner: Runner, db: Path, error: type[Exception], most: int = 1_000) -> tuple[int, list[str]]:
    """Let each call fail as a store is opened whose last process died; return as `faults_of` does."""
    made, wrong = Store(runner, str(db)).fill(), list[str]()
    before = made.content()
    files = {file.name: file.read_bytes() for file in db.parent.glob(f"{db.name}*")}
    made.close()
    for number in range(1, most):
        for name, content in files.items():
            (db.parent / name).write_bytes(content)
        reached = True
        try:
            store = Store(runner, str(db), number, error)
        except (SpanwellError, duckdb.Error, MemoryError):
            pass
        except Exception as raised:  # noqa: BLE001 - any other one is what is looked for
            wrong.append(f"open, call {number}, {error.__name__}: {raised!r}")
        else:
            reached = store.reached
            store.close()
        store = Store(runner, str(db))
        if store.content() != before:
            wrong.append(f"open, call {number}, {error.__name__}: something is lost")
        store.close()
        if not reached:
            return number - 1, wrong
    return most, wrong


def main() -> int:
    """Let all calls fail; return how much was wrong."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    logging.disable()
    committing._PAUSES = (0.001,) * 4
    compaction._WORTH = compaction._SHARE = -1  # so that reclaiming writes a new file
    points, calls, wrong = 0, 0, list[str]()
    with tempfile.TemporaryDirectory() as folder, Runner() as runner:
        made = iter(range(1_000_000))

        def make() -> Store:
            return Store(runner, f"{folder}/{next(made)}.duckdb").fill()

        for error in SORTS:
            calls, found = faults_of_opening(runner, Path(folder) / "opened.duckdb", error)
            points += calls
            wrong += found
        print(f"open: {calls} calls", flush=True)
        for name in OPERATIONS:
            for error in SORTS:
                calls, found = faults_of(name, error, make)
                points += calls
                wrong += found
                for left in Path(folder).iterdir():
                    left.unlink(missing_ok=True)
            print(f"{name}: {calls} calls", flush=True)
    print(f"{points} points, {len(wrong)} wrong", *wrong[:20], sep="\n")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
