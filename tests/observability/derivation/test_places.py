"""Of any selection of spans each call counts once, and of all spans of a trace what counts is the trace's total."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spanwell.observability.derivation.places import PLACES
from spanwell.observability.derivation.trace_state import TraceState
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span
from spanwell.storage.reference.forest import Forest, positions
from spanwell.storage.reference.rollups import summarize
from spanwell.storage.reference.usage import UsageForest
from tests.making import light_span, rollups

from .test_trace_state import IDS, SPANS, TYPES, made


@pytest.mark.parametrize("top", TYPES)
def test_usage_of_three_spans_is_what_the_reference_says_whatever_repeats_what(top: str) -> None:
    stated: list[tuple[int | None, float | None]] = [(None, None), (0, None), (None, 0.1), (5, None), (0, 0.1)]
    for usage, repeated, middle, bottom in product(stated, (0, 5), TYPES, TYPES):
        spans = [
            made(usage, span_id="1", started_at=Nanos(0), type=top),
            made((repeated, None), span_id="2", parent_span_id="1", started_at=Nanos(0), type=middle),
            made((repeated, None), span_id="3", parent_span_id="2", started_at=Nanos(0), type=bottom),
        ]
        state, trace = rollups(TraceState(map(light_span, spans))), summarize(spans)
        assert (state["total_tokens"], state["cost_usd"]) == (trace.total_tokens, trace.cost_usd), spans


TREES = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(TYPES), st.sampled_from([None, 0, 1, 2, 3, 5])), min_size=1, max_size=9
)
"""Spans below one of the last three before them, with tokens."""


def tree_of(nodes: Sequence[tuple[int, str, int | None]]) -> list[Span]:
    """Return spans: how far above its place in the list each has its parent, its type, and its tokens."""
    return [
        made(
            (tokens, None),
            span_id=str(at),
            parent_span_id=str(at - 1 - back) if at > back else None,
            started_at=Nanos(at),
            type=kind,
        )
        for at, (back, kind, tokens) in enumerate(nodes)
    ]


@settings(max_examples=500)
@given(TREES)
@example([(0, "chat", 100), (0, "chain", 50), (0, "agent_run", 80), (2, "chat", 120)])
def test_the_total_of_a_trace_is_the_sum_of_the_spans_that_statistics_count(
    nodes: Sequence[tuple[int, str, int | None]],
) -> None:
    """In the example, the chain says less than the agent below it, which the model call above both does not include."""
    spans = tree_of(nodes)
    state = TraceState(map(light_span, spans))
    counted = counting(state, state.places(), {span.span_id for span in spans})
    stated = [span.total_tokens for span in spans if span.span_id in counted and span.total_tokens is not None]
    assert rollups(state)["total_tokens"] == (sum(stated) if stated else None) == summarize(spans).total_tokens


@settings(max_examples=200)
@given(st.lists(SPANS, min_size=1, max_size=14, unique_by=lambda span: span.span_id), st.sets(IDS))
def test_places_are_those_of_the_forest_and_count_each_call_once(history: Sequence[Span], some: set[str]) -> None:
    state = TraceState(map(light_span, history))
    places, expected = state.places(), positions(history)
    for span_id, row in state.rows.items():
        start, end, parent = (places[name][row] for name in PLACES[:3])
        assert (state.has_child_error(row), start, end, parent) == expected[span_id]
    among = [span for span in history if span.span_id in some]
    counted = {span.span_id for span in UsageForest(Forest(history)).counting(among)}
    assert counting(state, places, some) == counted


def counting(state: TraceState, places: dict[str, list[Any]], some: set[str]) -> set[str]:
    """Return what the SQL of statistics counts: spans after the end of every one before them, that give way to none."""
    rows = [(places["usage_start"][row], places["usage_end"][row], span_id) for span_id, row in state.rows.items()]
    chosen = sorted(row for row in rows if row[0] is not None and row[2] in some)
    found, last = set[str](), -1
    for at, (start, end, span_id) in enumerate(chosen):
        gives_way = end < 0 and at + 1 < len(chosen) and chosen[at + 1][0] <= ~end
        found |= {span_id} if last < start and not gives_way else set()
        last = max(last, end)
    return found
