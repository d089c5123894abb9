"""The one writer: waiting writes share a commit, a failing one takes no other with it, and too many are refused."""

import asyncio
import time
from asyncio import Runner
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import duckdb
import pytest

from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.columns import Json, Nanos
from spanwell.observability.model.errors import Overloaded, StorageUnavailable
from spanwell.observability.model.span import Span
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.questions.queries import SpanQuery, Window
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.duckdb.writing import writer
from spanwell.storage.duckdb.writing.known_traces import KnownTraces
from spanwell.storage.duckdb.writing.rows.span_rows import CLOCKED
from spanwell.storage.duckdb.writing.transaction import Transaction
from tests.making import at, ended, span
from tests.timing import awaited


@pytest.fixture
def opened() -> Iterator[tuple[Runner, DuckDBStorage]]:
    storage = DuckDBStorage()
    with Runner() as runner:
        runner.run(storage.init())
        yield runner, storage
        runner.run(storage.close())


async def all_of(*coroutines: Any) -> list[Any]:
    return await asyncio.gather(*coroutines, return_exceptions=True)


def test_writes_that_wait_together_are_answered_each_for_itself(opened: tuple[Runner, DuckDBStorage]) -> None:
    runner, storage = opened
    batches = [[ended(f"t{i % 7}", f"s{i % 20}", started_at=at(i % 5))] for i in range(100)]
    answers = runner.run(all_of(*(storage.batch_create_spans(batch) for batch in batches)))
    assert sum(answer.created_count for answer in answers) == len({(b[0].trace_id, b[0].span_id) for b in batches})
    assert runner.run(storage.count_spans(ALWAYS)) == sum(answer.created_count for answer in answers)


@pytest.mark.parametrize("seed", range(5))
def test_parts_of_traces_that_wait_together_make_the_traces_that_they_make_one_by_one(
    opened: tuple[Runner, DuckDBStorage], seed: int
) -> None:
    """Parts have a different number of spans each, which fail, state usage and stand anywhere in the tree."""
    runner, storage = opened
    random = Random(seed)
    batches: list[list[Span]] = [[] for _ in range(5)]
    for name, number in product(("t", "u", "v"), range(20)):
        usage = {"attributes": Json(f'{{"gen_ai.usage.input_tokens": {number}}}')} if random.random() < 0.5 else {}
        failed = {"error_info": Json("{}")} if random.random() < 0.2 else {}
        parent = f"s{random.randrange(number)}" if number else None
        random.choice(batches).append(ended(name, f"s{number}", parent, started_at=at(number), **usage, **failed))
    held = Event()

    async def together() -> None:
        waiting = [storage._writer.between(held.wait), *map(storage.batch_create_spans, batches)]
        tasks = [asyncio.create_task(each) for each in waiting]
        await asyncio.sleep(0.1)
        held.set()
        await asyncio.gather(*tasks)

    runner.run(together())
    found = spans_of(runner, storage)
    alone = DuckDBStorage()
    runner.run(alone.init())
    for batch in batches:
        runner.run(alone.batch_create_spans(batch))
    assert found == spans_of(runner, alone)
    runner.run(alone.close())


def spans_of(runner: Runner, storage: DuckDBStorage) -> list[dict[str, Any]]:
    """Return all that is stored of spans but the times of writing."""
    page = runner.run(storage.list_spans(SpanQuery(Window(1_000))))
    return [{name: value for name, value in vars(span).items() if name not in CLOCKED} for span in page.nodes]


def test_creates_updates_and_deletes_that_wait_together_happen_in_their_order(
    opened: tuple[Runner, DuckDBStorage],
) -> None:
    runner, storage = opened
    answers = runner.run(
        all_of(
            storage.batch_create_spans([span("t", "a"), span("u", "a")]),
            storage.batch_update_spans([SpanUpdate("t", "a", {"name": "changed"}), SpanUpdate("t", "b", {})]),
            storage.batch_delete_traces(["u"]),
            storage.batch_create_spans([span("u", "b")]),
            storage.dangerously_clear_all(),
            storage.batch_create_spans([span("v", "a")]),
        )
    )
    assert [answer.created_count for answer in (answers[0], answers[3], answers[5])] == [2, 1, 1]
    assert (answers[1].updated_count, answers[1].not_found) == (1, (1,))
    assert (answers[2].deleted_span_count, answers[4].deleted_span_count) == (1, 2)
    assert runner.run(storage.count_spans(ALWAYS)) == 1


def test_a_trace_deleted_and_made_again_in_one_transaction_is_the_new_one(opened: tuple[Runner, DuckDBStorage]) -> None:
    runner, storage = opened
    runner.run(storage.batch_create_spans([ended("t", "a", name="old", user_id="u"), ended("t", "b", "a")]))
    runner.run(
        all_of(
            *(storage.batch_create_spans([span("other", str(i))]) for i in range(3)),
            storage.batch_delete_traces(["t"]),
            storage.batch_create_spans([ended("t", "a", name="new", tags=["x"])]),
            storage.batch_delete_traces(["t"]),
            storage.batch_create_spans([ended("t", "a", name="newest")]),
        )
    )
    trace = runner.run(storage.get_trace("t"))
    assert trace is not None
    assert (trace.span_count, trace.head.name, trace.head.user_id, trace.head.tags) == (1, "newest", None, None)
    assert runner.run(storage.count_traces(ALWAYS)) == 2
    assert runner.run(storage.count_spans(ALWAYS)) == 4


def test_a_trace_that_grew_gets_places_only_when_nothing_was_written_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_QUIET", 10)
    storage = DuckDBStorage(str(tmp_path / "spans.duckdb"))
    with Runner() as runner:
        runner.run(storage.init())
        for name in ("a", "b"):
            runner.run(storage.batch_create_spans([span("t", name)]))
            time.sleep(4 * writer._LULL)
        assert storage._writer.unplaced == {"t": None}
        monkeypatch.setattr(writer, "_QUIET", 0.05)
        runner.run(storage.batch_create_spans([span("t", "c")]))
        awaited(lambda: not storage._writer.unplaced)
        runner.run(storage.close())


def test_a_write_that_fails_takes_no_other_with_it(
    opened: tuple[Runner, DuckDBStorage], monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, storage = opened
    real = Transaction.write

    def write(self: Transaction) -> None:
        real(self)
        if self._cursor.execute("SELECT count(*) FROM spans WHERE trace_id = 'bad'").fetchone() != (0,):
            raise duckdb.IOException("Could not write file /secret/path")

    monkeypatch.setattr(Transaction, "write", write)
    batches = [[span("good", str(i))] for i in range(5)] + [[span("bad", "a")]] + [[span("good", "z")]]
    *answers, bad, last = runner.run(all_of(*(storage.batch_create_spans(batch) for batch in batches)))
    assert [answer.created_count for answer in (*answers, last)] == [1] * 6
    assert isinstance(bad, StorageUnavailable)
    assert str(bad) == "The store could not write; nothing of the request was stored."
    assert runner.run(storage.count_spans(ALWAYS)) == 6


def test_too_many_waiting_writes_are_refused_and_the_others_done(
    opened: tuple[Runner, DuckDBStorage], monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, storage = opened
    storage._writer._queue.maxsize = 3
    monkeypatch.setattr(writer, "_GROUP", 1)
    answers = runner.run(all_of(*(storage.batch_create_spans([span("t", str(i))]) for i in range(50))))
    refused = [answer for answer in answers if isinstance(answer, Overloaded)]
    stored = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert refused
    assert len(refused) + len(stored) == 50
    assert runner.run(storage.count_spans(ALWAYS)) == len(stored)


def test_a_client_that_leaves_does_not_undo_its_write(opened: tuple[Runner, DuckDBStorage]) -> None:
    runner, storage = opened

    async def leave() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(storage.batch_create_spans([span("t", str(i)) for i in range(2000)]), 0.001)

    runner.run(leave())
    runner.run(storage.batch_create_spans([span("u", "a")]))
    assert runner.run(storage.count_spans(ALWAYS)) == 2001


def test_a_reader_that_leaves_stops_its_query(opened: tuple[Runner, DuckDBStorage]) -> None:
    runner, storage = opened
    endless = "SELECT count(*) FROM range(100000000000) a, range(1000) b"

    async def leave() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(storage._readers.read(lambda cursor: cursor.execute(endless).fetchall()), 0.1)
        assert await asyncio.wait_for(storage.count_spans(ALWAYS), 5) == 0

    runner.run(leave())


def test_an_update_that_finds_too_many_waiting_is_refused(opened: tuple[Runner, DuckDBStorage]) -> None:
    runner, storage = opened
    storage._writer._queue.maxsize = 3
    answers = runner.run(all_of(*(storage.batch_update_spans([SpanUpdate("t", "a", {})]) for _ in range(500))))
    assert any(isinstance(answer, Overloaded) for answer in answers)
    assert all(isinstance(answer, Overloaded) or answer.not_found == (0,) for answer in answers)


def test_what_fails_in_a_write_besides_the_store_is_told_as_it_is(
    opened: tuple[Runner, DuckDBStorage], monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, storage = opened

    def write(_: Transaction) -> None:
        raise ZeroDivisionError("ours")

    with monkeypatch.context() as broken:
        broken.setattr(Transaction, "write", write)
        with pytest.raises(ZeroDivisionError, match="ours"):
            runner.run(storage.batch_create_spans([span("t", "a")]))
    assert runner.run(storage.batch_create_spans([span("t", "a")])).created_count == 1


def test_places_are_those_of_spans_that_the_same_transaction_changed(opened: tuple[Runner, DuckDBStorage]) -> None:
    runner, storage = opened
    runner.run(storage.batch_create_spans([ended("t", "1"), ended("t", "2", "1"), ended("t", "3", "1")]))
    with storage._database.cursor() as cursor:
        transaction = Transaction(cursor, Nanos(1), KnownTraces(cursor), ["t"])
        transaction.update([SpanUpdate("t", "3", {"parent_span_id": "2"})])
        transaction.place(["t"])
        transaction.write()
        places = cursor.execute("SELECT tree_start, tree_parent FROM spans ORDER BY span_id").fetchall()
    assert places == [(0, None), (1, 0), (2, 1)]
