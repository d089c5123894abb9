"""Writes that share a transaction leave what they leave one by one, whatever they are and in whatever order."""

import asyncio
from collections.abc import Iterable, Sequence
from random import Random
from threading import Event
from typing import Any

import pytest

from spanwell.observability.derivation.assessing import AssessmentUpdate
from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.assessments import AssessmentKind, Score
from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import Span
from spanwell.observability.questions.queries import (
    AssessmentQuery,
    SpanQuery,
    TraceQuery,
    Window,
    newest_assessments,
)
from spanwell.storage.duckdb import DuckDBStorage
from tests.making import at, ended
from tests.storage.pair import METHODS, Pair

Write = tuple[Any, ...]
SCORES = AssessmentKind.SCORE
EVERYTHING = Window(1000)
LISTS = {
    "list_spans": SpanQuery(EVERYTHING),
    "list_traces": TraceQuery(EVERYTHING),
    "list_assessments": AssessmentQuery(SCORES, EVERYTHING, order=newest_assessments(SCORES)),
}
TRACES = ("t", "u", "v")
TIMED = {"created_at", "updated_at", "changed_at", "timestamp"}
"""Columns that say when something was written, which differs."""


@pytest.mark.parametrize("seed", range(80))
def test_writes_that_share_a_transaction_leave_what_they_leave_one_by_one(pair: Pair, seed: int) -> None:
    chance = Random(seed)
    spans = [span_of(chance, trace, number) for trace in TRACES for number in range(4)]
    pair.replay([("create", spans), ("assess", SCORES, [_score(chance, "1"), _score(chance, "2")])])
    history = [write_of(chance) for _ in range(chance.randrange(2, 8))]
    one_by_one = [pair.ask(pair.plain, METHODS[method], *arguments) for method, *arguments in history]
    assert pair.runner.run(_together(pair.real, history)) == one_by_one
    for method, query in LISTS.items():
        plain, real = (untimed(pair.ask(store, method, query).nodes) for store in (pair.plain, pair.real))
        assert real == plain, history


def test_a_change_to_a_root_span_that_is_committed_with_a_delete_shows_in_its_trace(pair: Pair) -> None:
    pair.replay([("create", [ended("t", "root", name="old"), ended("u", "root")])])
    updated = ("update", [SpanUpdate("t", "root", {"name": "new"})])
    pair.runner.run(_together(pair.real, [updated, ("delete", ["u"])]))
    (trace,) = pair.ask(pair.real, "list_traces", TraceQuery(EVERYTHING)).nodes
    assert trace.head.name == "new"


async def _together(store: DuckDBStorage, history: Sequence[Write]) -> list[Any]:
    """Let all writes wait before the first one is done; return their answers."""
    released = Event()
    tasks = [asyncio.create_task(store._writer.between(released.wait))]
    for method, *arguments in history:
        tasks.append(asyncio.create_task(getattr(store, METHODS[method])(*arguments)))
        await asyncio.sleep(0.001)
    released.set()
    return (await asyncio.gather(*tasks))[1:]


def write_of(chance: Random) -> Write:
    """Return a write that touches one or two of three traces, or of four scores."""
    method = chance.choice(["create", "update", "update", "delete", "assess", "reassess", "unassess"])
    traces, scores = (chance.sample(names, chance.randrange(1, 3)) for names in (TRACES, "1234"))
    match method:
        case "create":
            return method, [span_of(chance, trace, chance.randrange(6)) for trace in traces]
        case "update":
            changes = _changes(chance)
            return method, [SpanUpdate(trace, str(chance.randrange(4)), changes) for trace in traces]
        case "delete":
            return method, traces[:1]
        case "assess":
            return method, SCORES, [_score(chance, one) for one in scores]
        case "reassess":
            return method, SCORES, [AssessmentUpdate(one, {"value": chance.random()}) for one in scores]
        case _:
            return method, SCORES, scores


def _changes(chance: Random) -> dict[str, object]:
    said = [("name", str(chance.random())), ("user_id", chance.choice("abc")), ("output", f'"{chance.random()}"')]
    moved = [("error_info", chance.choice(["{}", None])), ("parent_span_id", chance.choice(["0", "5", None]))]
    return dict(chance.sample([*said, *moved], 2))


def span_of(chance: Random, trace: str, number: int) -> Span:
    """Return a span of a trace, anywhere in its tree, that may have failed or state usage."""
    parent = str(chance.randrange(6)) if number else None
    usage = {"attributes": Json(f'{{"gen_ai.usage.input_tokens": {number}}}')} if chance.random() < 0.5 else {}
    failed = {"error_info": Json("{}")} if chance.random() < 0.2 else {}
    return ended(trace, str(number), parent, started_at=at(number), name=str(chance.random()), **usage, **failed)


def _score(chance: Random, score_id: str) -> Score:
    trace, span = chance.choice(TRACES), chance.choice([None, "0", "1"])
    return Score(score_id=score_id, trace_id=trace, span_id=span, name=str(chance.random()), value=chance.random())


def untimed(records: Iterable[Any]) -> list[str]:
    """Return what records say, without when they were written."""
    return sorted(str(_said(record)) for record in records)


def _said(record: Any) -> list[tuple[str, Any]]:
    said = ((name, value) for name, value in vars(record).items() if value is not None and name not in TIMED)
    return sorted((name, _said(value) if name == "head" else value) for name, value in said)
