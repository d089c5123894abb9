"""DuckDB gives what the plain store gives, after any history of writes and to any question."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.questions.conditions import ALWAYS, Condition
from spanwell.observability.questions.ordering import SPAN_IDENTITY, TRACE_IDENTITY, Order, Position, position
from spanwell.observability.questions.queries import SpanQuery, TraceQuery, Window
from tests import strategies
from tests.making import span
from tests.storage.pair import Pair

EVERYTHING = Window(1000)


def placed(window: Window, place: Position) -> Window:
    """Return a window that begins, or if it is read from the end stops, at a place."""
    return replace(window, before=place) if window.backward else replace(window, after=place)


@given(history=strategies.HISTORIES)
def test_any_history_of_writes_leaves_the_same_spans_and_traces(pair: Pair, history: list[tuple[str, Any]]) -> None:
    pair.replay(history)
    pair.both("list_spans", SpanQuery(EVERYTHING))
    pair.both("list_traces", TraceQuery(EVERYTHING))
    pair.both("get_spans", [("t1", "a"), ("t2", "b"), ("t9", "a")])
    pair.both("get_traces", ["t3", "t1", "t9"])


def test_lists_that_change_and_heads_that_change_in_one_batch_lose_nothing(pair: Pair) -> None:
    roots = [span("t1", "a", session_id="s"), span("t1", "b", user_id="u"), span("t2", "c", session_id="s", links="[]")]
    updates = [SpanUpdate("t1", "a", {"parent_span_id": "b"}), SpanUpdate("t2", "c", {"tags": ["x"]})]
    pair.replay([("create", roots), ("update", updates)])
    found = pair.both("list_traces", TraceQuery(EVERYTHING))
    heads = {trace.trace_id: trace.head for trace in found.nodes}
    assert (heads["t1"].user_id, heads["t2"].session_id, heads["t2"].links) == ("u", "s", "[]")


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
        between = placed(window, position(nodes[place % len(nodes)], order))
        pair.both("list_spans", SpanQuery(between, where, order))
        pair.both("list_trace_spans", ["t1", "t2"], SpanQuery(between, where, order))
    pair.both("list_spans", SpanQuery(window, where, order))
    pair.both("list_trace_spans", ["t2", "t9", "t1"], SpanQuery(window, where, order))
    for one_trace in (window, EVERYTHING):  # small pages and large ones are read in different ways
        pair.both("list_trace_spans", ["t1"], SpanQuery(one_trace, where, order))
        pair.both("list_trace_spans", ["t9"], SpanQuery(one_trace, where, order))
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
        between = placed(window, position(nodes[place % len(nodes)], order))
        pair.both("list_traces", TraceQuery(between, where, order))
    pair.both("list_traces", TraceQuery(window, where, order))


def test_a_question_reads_only_the_columns_that_were_asked_for(pair: Pair) -> None:
    pair.replay([])
    stored = span("t", "s", name="n", user_id="u")
    pair.both("batch_create_spans", [stored])
    page = pair.ask(pair.real, "list_spans", SpanQuery(EVERYTHING, columns=frozenset({"name"})))
    assert vars(page.nodes[0]) == {"trace_id": "t", "span_id": "s", "name": "n"}
    assert pair.both("count_spans", ALWAYS) == 1


def test_a_trace_has_not_changed_where_nobody_sees_a_change(pair: Pair) -> None:
    """When its last span began is known to the store alone."""
    later = span("t", "b", started_at=span("t", "b").started_at + 10**9)
    pair.replay([("create", [span("t", "a"), span("t", "b")]), ("create", [later])])
    pair.both("list_traces", TraceQuery(EVERYTHING))
