"""Spans of a trace are the same whichever way its size asks to read them, and the index finds those of a small one."""

from asyncio import Runner
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.questions.ordering import SPAN_IDENTITY, Order, OrderKey
from spanwell.observability.questions.queries import ALL_SPAN_COLUMNS, SpanQuery, Window
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.reading import span_reading, statements
from spanwell.storage.duckdb.reading.readers import Cursor, fetch
from spanwell.storage.duckdb.tables.columns import SPANS
from tests import strategies
from tests.making import at, ended
from tests.storage.pair import Pair

WAYS = {"by the index": 10**9, "by the stretch": -1}
_COLUMNS = statements.chosen(SPANS, ALL_SPAN_COLUMNS)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.HISTORIES, strategies.orders(SPAN_COLUMNS, SPAN_IDENTITY), strategies.WINDOWS, st.integers(4, 9))
def test_both_ways_give_what_the_plain_store_gives(
    pair: Pair, history: list[tuple[str, Any]], order: Order, window: Window, size: int
) -> None:
    pair.replay(history)
    for most in WAYS.values():
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(span_reading, "_FEW_VALUES", most)
            for key in (("t1", "a"), ("t2", "b"), ("t1", "nobody"), ("nobody", "a")):
                pair.both("get_spans", [key])
            for trace_id in ("t1", "t2", "nobody"):
                pair.both("list_trace_spans", [trace_id], SpanQuery(window, ALWAYS, order))
                pair.both("list_trace_spans", [trace_id], SpanQuery(Window(size), ALWAYS, order))


def test_an_order_by_a_column_that_is_not_asked_for_is_kept(pair: Pair) -> None:
    spans = [ended("t", str(place), name=name) for place, name in enumerate("cab")]
    pair.replay([("create", spans)])
    query = SpanQuery(Window(9), ALWAYS, (OrderKey("name"), *SPAN_IDENTITY), frozenset({"span_id"}))
    for most in WAYS.values():
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(span_reading, "_FEW_VALUES", most)
            (page,) = pair.ask(pair.real, "list_trace_spans", ["t"], query)
            assert [span.span_id for span in page.nodes] == ["1", "2", "0"]


class Explained:
    """A store of many traces, which tells how it would read."""

    def __init__(self) -> None:
        self.runner = Runner()
        self.storage = DuckDBStorage()
        self.runner.run(self.storage.init())
        spans = [ended(f"t{t}", str(s), started_at=at(t + s)) for t in range(1_000) for s in range(3)]
        self.runner.run(self.storage.batch_create_spans(spans))

    def plan(self, statement: Sql) -> str:
        """Return how DuckDB carries a statement out."""

        def explain(cursor: Cursor) -> str:
            return str(fetch(cursor, "EXPLAIN ANALYZE " + statement))

        return self.runner.run(self.storage._readers.read(explain))

    def close(self) -> None:
        """Close the store."""
        self.runner.run(self.storage.close())
        self.runner.close()


@pytest.fixture(scope="module")
def explained() -> Iterator[Explained]:
    made = Explained()
    yield made
    made.close()


@pytest.mark.parametrize(
    "statement",
    [
        statements.stretches(["t7"]),
        statements.whole_trace("t7", _COLUMNS),
        statements.span_by_index(("t7", "1"), _COLUMNS),
    ],
)
def test_the_index_is_used(explained: Explained, statement: Sql) -> None:
    plan = explained.plan(statement)
    assert "Index Scan" in plan
    assert "Sequential Scan" not in plan


def test_a_span_by_its_stretch_is_not_looked_for_in_the_index(explained: Explained) -> None:
    statement = statements.span_by_stretch(("t7", "1"), (at(7), at(9)), _COLUMNS)
    assert "Index Scan" not in explained.plan(statement)  # so that the test above could fail
