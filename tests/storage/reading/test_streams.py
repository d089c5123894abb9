"""All of a list can be read, page by page, from one state of the store, whatever is written meanwhile."""

import asyncio
from asyncio import Runner
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwell.observability.analysis.outline import COLUMNS
from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.errors import Overloaded, ResourceExhausted, StorageUnavailable
from spanwell.observability.questions.ordering import NEWEST_SPANS, OLDEST_SPANS, SPAN_IDENTITY, OrderKey
from spanwell.observability.questions.queries import (
    AssessmentQuery,
    ListQuery,
    SpanQuery,
    TraceQuery,
    Window,
    newest_assessments,
)
from spanwell.storage.duckdb import DuckDBStorage, blocks, streams
from spanwell.storage.duckdb.blocks import RowReading
from spanwell.storage.duckdb.files import snapshots
from spanwell.storage.duckdb.writing import checkpoints
from tests import assessment_strategies, strategies
from tests.making import at, ended
from tests.storage.pair import Pair

ALL = Window(0)
EVERYTHING = SpanQuery(ALL, order=OLDEST_SPANS)
FEW = frozenset({"name", "ended_at"})
ORDERS = (NEWEST_SPANS, OLDEST_SPANS, (OrderKey("name", descending=True), *SPAN_IDENTITY))


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_FIRST", 2)
    monkeypatch.setattr(streams, "_FIRST_WITH_DOCUMENTS", 2)
    monkeypatch.setattr(streams, "_MOST", 5)
    monkeypatch.setattr(streams, "_MOST_WITH_DOCUMENTS", 5)


@pytest.fixture
def runner() -> Iterator[Runner]:
    with Runner() as runner:
        yield runner


@pytest.fixture
def store(runner: Runner, tmp_path: Path) -> Iterator[DuckDBStorage]:
    storage = DuckDBStorage(str(tmp_path / "spans.duckdb"))
    runner.run(storage.init())
    runner.run(storage.batch_create_spans([ended(f"t{n % 7}", f"s{n:02}", name=f"n{n}") for n in range(40)]))
    yield storage
    runner.run(storage.close())


async def everything(storage: Any, query: ListQuery = EVERYTHING) -> list[Any]:
    async with aclosing(storage.stream(query)) as pages:
        return [record async for block in pages for record in block.records()]


@settings(max_examples=25, deadline=None)
@given(strategies.HISTORIES, strategies.SPAN_CONDITIONS, st.sampled_from(ORDERS), strategies.TRACE_CONDITIONS)
def test_every_store_streams_the_list_that_its_pages_make_up(
    pair: Pair, history: Any, where: Any, order: Any, trace_where: Any
) -> None:
    pair.replay(history)
    for store in (pair.plain, pair.real):
        listed = pair.ask(store, "list_spans", SpanQuery(Window(1_000), where, order)).nodes
        assert pair.runner.run(everything(store, SpanQuery(ALL, where, order))) == listed
        few = pair.runner.run(everything(store, SpanQuery(ALL, where, order, FEW)))
        assert [(span.key, span.name, span.ended_at) for span in few] == [
            (span.key, span.name, span.ended_at) for span in listed
        ]
        traces = pair.ask(store, "list_traces", TraceQuery(Window(1_000), trace_where)).nodes
        assert pair.runner.run(everything(store, TraceQuery(ALL, trace_where))) == traces


@settings(max_examples=25, deadline=None)
@given(strategies.HISTORIES)
def test_columns_of_whole_traces_are_in_pre_order_in_every_store(pair: Pair, history: Any) -> None:
    pair.replay(history)
    traces = sorted({span.trace_id for span in pair.runner.run(everything(pair.plain))})
    many = [*traces, *(f"none {n}" for n in range(5))]  # more than are read one by one
    for asked in (many, [*traces, "none"], *([one] for one in traces)):
        plain = pair.ask(pair.plain, "get_trace_blocks", asked, COLUMNS)
        for most in (0, 1_000):  # values that are read through the index
            with patch("spanwell.storage.duckdb.reading.span_reading._FEW_VALUES", most):
                real = pair.ask(pair.real, "get_trace_blocks", asked, COLUMNS)
            for one, other in zip(plain, real, strict=True):
                assert {c: one.values(c) for c in COLUMNS} == {c: other.values(c) for c in COLUMNS}


@settings(max_examples=25, deadline=None)
@given(assessment_strategies.HISTORIES, st.sampled_from(AssessmentKind))
def test_scores_and_feedback_are_streamed_too(pair: Pair, history: Any, kind: AssessmentKind) -> None:
    pair.replay(history)
    for store in (pair.plain, pair.real):
        query = AssessmentQuery(kind, Window(1_000), order=newest_assessments(kind))
        listed = pair.ask(store, "list_assessments", query).nodes
        assert pair.runner.run(everything(store, replace(query, window=ALL))) == listed


def test_a_list_begins_after_a_place(pair: Pair) -> None:
    pair.replay([("create", [ended("t", name) for name in "abcdef"])])
    for store in (pair.plain, pair.real):
        after = Window(0, after=(ended("t", "a").started_at, "t", "c"))
        found = pair.runner.run(everything(store, SpanQuery(after, order=OLDEST_SPANS)))
        assert [span.span_id for span in found] == ["d", "e", "f"]


def test_what_is_written_meanwhile_is_not_in_it(runner: Runner, store: DuckDBStorage) -> None:
    async def read_beside_writes() -> list[tuple[str, str]]:
        found = list[Any]()
        async with aclosing(store.stream(EVERYTHING)) as pages:
            async for page in pages:
                found += page.records()
                number = len(found)
                await store.batch_create_spans([ended(f"new{number}", "s"), ended("t1", f"z{number}")])
                await store.batch_update_spans([SpanUpdate("t6", "s06", {"name": "changed"})])
                await store.batch_delete_traces([f"t{number % 7}"])
        return [(span.span_id, span.name) for span in found]

    assert sorted(runner.run(read_beside_writes())) == [(f"s{n:02}", f"n{n}") for n in range(40)]
    assert len(runner.run(everything(store))) != 40


def test_pages_of_large_records_are_small(
    runner: Runner, store: DuckDBStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "_FIRST_WITH_DOCUMENTS", 40)
    monkeypatch.setattr(streams, "_BYTES", 1)

    async def sizes() -> list[int]:
        return [len(page) async for page in store.stream(EVERYTHING)]

    assert runner.run(sizes()) == [16, 5, 5, 5, 5, 4]


def test_blocks_of_many_records_are_in_order(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_MOST", 4_000)
    spans = [ended(f"t{n * 7919 % 10007}", "s", started_at=at(n * 7919 % 101)) for n in range(9_000)]
    pair.replay([("create", spans)])
    few = SpanQuery(ALL, order=OLDEST_SPANS, columns=FEW)
    real, plain = (pair.runner.run(everything(store, few)) for store in (pair.real, pair.plain))
    assert [span.trace_id for span in real] == [span.trace_id for span in plain]


def test_nothing_is_kept_for_who_has_left(runner: Runner, store: DuckDBStorage) -> None:
    async def leave() -> int:
        pages = store.stream(EVERYTHING)
        await anext(pages)
        assert len(store._database.snapshots) == 1
        await pages.aclose()
        await everything(store)  # which the same thread reads, after it let go of the snapshot
        return len(store._database.snapshots)

    assert runner.run(leave()) <= 1
    assert runner.run(leave()) <= 1


def test_who_reads_on_from_a_closed_store_is_told(runner: Runner, store: DuckDBStorage) -> None:
    async def close_meanwhile() -> None:
        pages = store.stream(EVERYTHING)
        await anext(pages)
        store._streams.close()
        await pages.aclose()

    runner.run(close_meanwhile())
    assert len(store._database.snapshots) == 0


def test_a_page_that_is_given_up_is_stopped(
    runner: Runner, store: DuckDBStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_: object, cursor: duckdb.DuckDBPyConnection) -> Any:
        return cursor.execute("SELECT count(*) FROM range(100000000) a, range(100000000) b").fetchall()

    monkeypatch.setattr(RowReading, "next", slow)

    async def give_up() -> None:
        async with asyncio.timeout(0.3):
            await everything(store)

    with pytest.raises(TimeoutError):
        runner.run(give_up())
    monkeypatch.undo()
    assert len(runner.run(everything(store))) == 40


def test_only_some_lists_are_streamed_at_the_same_time(
    runner: Runner, store: DuckDBStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_MOST", 1)

    async def two() -> None:
        async with aclosing(store.stream(EVERYTHING)) as pages:
            await anext(pages)
            await everything(store)

    with pytest.raises(Overloaded):
        runner.run(two())


async def _next_after(store: DuckDBStorage, work: Any) -> Any:
    pages: AsyncGenerator[Any] = store.stream(EVERYTHING)
    async with aclosing(pages):
        await anext(pages)
        await work()
        return await anext(pages)


def test_writes_come_first_where_the_log_grows_too_long(
    runner: Runner, store: DuckDBStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "_LONGEST_LOG", 0)
    monkeypatch.setattr(checkpoints, "_FULL_LOG", 0)

    async def write() -> None:
        for number in range(3):
            await store.batch_create_spans([ended("t9", f"s{number}")])

    with pytest.raises(StorageUnavailable, match="the disk was nearly full"):
        runner.run(_next_after(store, write))
    assert len(runner.run(everything(store))) == 43


def test_a_database_that_fails_takes_its_states_along(runner: Runner, store: DuckDBStorage) -> None:
    async def fail() -> None:
        store._database.heal(store._database.generation)

    with pytest.raises(StorageUnavailable):
        runner.run(_next_after(store, fail))
    assert len(runner.run(everything(store))) == 40


def test_the_file_is_not_replaced_while_it_is_read(runner: Runner, store: DuckDBStorage, tmp_path: Path) -> None:
    async def swap() -> None:
        with pytest.raises(StorageUnavailable, match="during an export"):
            store._database.swap(str(tmp_path / "other"))
        await store.reclaim()

    assert runner.run(_next_after(store, swap))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (duckdb.OutOfMemoryException, ResourceExhausted),
        (MemoryError, ResourceExhausted),
        (duckdb.Error, StorageUnavailable),
    ],
)
def test_what_goes_wrong_is_told_in_words(
    runner: Runner, store: DuckDBStorage, monkeypatch: pytest.MonkeyPatch, error: type[Exception], told: type[Exception]
) -> None:
    def fail(*_: object) -> Any:
        raise error("x")

    monkeypatch.setattr(RowReading, "next", fail)
    with pytest.raises(told):
        runner.run(everything(store))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("INTERRUPT Error: Interrupted!", duckdb.InterruptException),
        ("Out of Memory Error: could not allocate", duckdb.OutOfMemoryException),
        ("Something Error", duckdb.Error),
    ],
)
def test_errors_that_come_through_arrow_are_those_of_duckdb(
    runner: Runner, store: DuckDBStorage, monkeypatch: pytest.MonkeyPatch, text: str, kind: type[Exception]
) -> None:
    """Arrow's interface between DuckDB and Python passes on nothing but their text."""

    def fail(*_: object) -> Any:
        raise ValueError(f"C Data interface error: {text}")

    monkeypatch.setattr(blocks, "arrow_batches", fail)
    with pytest.raises((StorageUnavailable, ResourceExhausted)) as raised:
        runner.run(everything(store, SpanQuery(ALL, columns=FEW)))
    assert type(raised.value.__cause__) is kind
