"""DuckDB gives what the plain store gives, after any history of writes and to any question."""

from asyncio import Runner
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.observability.conditions import ALWAYS, Condition
from server.observability.ordering import SPAN_IDENTITY, TRACE_IDENTITY, Order, position
from server.observability.queries import SpanQuery, TraceQuery, Window
from server.observability.span import SPAN_COLUMNS
from server.observability.storage import ObservabilityStorage
from server.storage.duckdb import DuckDBStorage
from server.storage.memory import MemoryStorage
from tests import strategies

EVERYTHING = Window(1000)


class Pair:
    """The plain store and DuckDB, under one clock."""

    def __init__(self) -> None:
        self.now = 0
        self.runner = Runner()
        self.stores: tuple[ObservabilityStorage, ...] = (
            MemoryStorage(clock=lambda: self.now),
            DuckDBStorage(clock=lambda: self.now),
        )
        self.both("init")

    def both(self, method: str, *arguments: Any) -> Any:
        """Call both stores and return what they both answer."""
        plain, real = (self.runner.run(getattr(store, method)(*arguments)) for store in self.stores)
        assert real == plain, f"{method}{arguments}"
        return plain

    def replay(self, history: list[tuple[str, list[Any]]]) -> None:
        """Write a history into both, from nothing."""
        for store in self.stores:
            self.runner.run(store.dangerously_clear_all())
        methods = {"create": "batch_create_spans", "update": "batch_update_spans", "delete": "batch_delete_traces"}
        for self.now, (method, batch) in enumerate(history, 1):
            self.both(methods[method], batch)

    def close(self) -> None:
        for store in self.stores:
            self.runner.run(store.close())
        self.runner.close()


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.close()


@given(history=strategies.HISTORIES)
def test_any_history_of_writes_leaves_the_same_spans_and_traces(pair: Pair, history: list[tuple[str, Any]]) -> None:
    pair.replay(history)
    pair.both("list_spans", SpanQuery(EVERYTHING))
    pair.both("list_traces", TraceQuery(EVERYTHING))
    pair.both("get_spans", [("t1", "a"), ("t2", "b"), ("t9", "a")])
    pair.both("get_traces", ["t3", "t1", "t9"])


@given(
    history=strategies.HISTORIES,
    where=strategies.SPAN_CONDITIONS,
    order=strategies.orders(SPAN_COLUMNS, SPAN_IDENTITY),
    window=strategies.WINDOWS,
    place=st.integers(0, 8),
)
def test_any_question_about_spans_has_one_answer(  # noqa: PLR0917 - each is drawn
    pair: Pair, history: list[tuple[str, Any]], where: Condition, order: Order, window: Window, place: int
) -> None:
    pair.replay(history)
    pair.both("count_spans", where)
    nodes = pair.both("list_spans", SpanQuery(EVERYTHING, where, order)).nodes
    if nodes:
        between = replace(
            window, **{"before" if window.backward else "after": position(nodes[place % len(nodes)], order)}
        )
        pair.both("list_spans", SpanQuery(between, where, order))
        pair.both("list_trace_spans", ["t1", "t2"], SpanQuery(between, where, order))
    pair.both("list_spans", SpanQuery(window, where, order))
    pair.both("list_trace_spans", ["t2", "t9", "t1"], SpanQuery(window, where, order))
    pair.both("count_trace_spans", ["t2", "t9"], where)


@given(
    history=strategies.HISTORIES,
    where=strategies.TRACE_CONDITIONS,
    order=strategies.orders(strategies.ALL_TRACE_COLUMN_DEFS, TRACE_IDENTITY),
    window=strategies.WINDOWS,
    place=st.integers(0, 8),
)
def test_any_question_about_traces_has_one_answer(  # noqa: PLR0917 - each is drawn
    pair: Pair, history: list[tuple[str, Any]], where: Condition, order: Order, window: Window, place: int
) -> None:
    pair.replay(history)
    pair.both("count_traces", where)
    nodes = pair.both("list_traces", TraceQuery(EVERYTHING, where, order)).nodes
    if nodes:
        between = replace(
            window, **{"before" if window.backward else "after": position(nodes[place % len(nodes)], order)}
        )
        pair.both("list_traces", TraceQuery(between, where, order))
    pair.both("list_traces", TraceQuery(window, where, order))


def test_a_question_reads_only_the_columns_that_were_asked_for(pair: Pair) -> None:
    pair.replay([])
    span = strategies.Span(trace_id="t", span_id="s", name="n", started_at=strategies.START, user_id="u")
    pair.both("batch_create_spans", [span])
    page = pair.runner.run(pair.stores[1].list_spans(SpanQuery(EVERYTHING, columns=frozenset({"name"}))))
    assert vars(page.nodes[0]) == {"trace_id": "t", "span_id": "s", "name": "n"}
    assert pair.both("count_spans", ALWAYS) == 1
