"""A trace that is kept up to date span by span is what all its spans together make up, whatever comes in what order."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwell.observability.derivation.derived import derived
from spanwell.observability.derivation.light_spans import LightSpan
from spanwell.observability.derivation.places import PLACES
from spanwell.observability.derivation.trace_state import TraceState
from spanwell.observability.derivation.usage_rule import Role
from spanwell.observability.model.columns import Json, Nanos
from spanwell.observability.model.span import Span, SpanStatus
from spanwell.observability.model.times import EARLIEST_TRACED
from spanwell.storage.reference.forest import Forest, positions
from spanwell.storage.reference.rollups import summarize
from spanwell.storage.reference.usage import UsageForest
from tests.making import light_span, rollups

IDS = st.integers(0, 7).map(str)
TYPES = ("generic", "agent_run", "tool_call", "model_generation", "chat", "chain", "LLM")
USER = st.sampled_from([None, None, "ann", "ben"])


def made(tokens: tuple[int | None, float | None], **fields: Any) -> Span:
    span = derived(Span(trace_id="t", name="x", **fields))
    span.total_tokens, span.cost_usd = tokens
    return span


SPANS = st.builds(
    made,
    st.tuples(st.sampled_from([None, 0, 1, 5, 10, 15]), st.sampled_from([None, None, 0.1, 0.2, 0.3])),
    span_id=IDS,
    parent_span_id=st.none() | IDS | st.just("missing"),
    type=st.sampled_from(TYPES),
    started_at=(st.integers(0, 4) | st.integers(EARLIEST_TRACED - 1, EARLIEST_TRACED + 3)).map(Nanos),
    ended_at=st.none() | (st.integers(0, 9) | st.integers(EARLIEST_TRACED - 1, EARLIEST_TRACED + 8)).map(Nanos),
    is_event=st.booleans(),
    service_name=st.sampled_from([None, "cart", "mail"]),
    error_info=st.sampled_from([None, None, Json("{}")]),
    tags=st.sampled_from([None, ["vip"], ["new", "vip"]]),
    user_id=USER,
    session_id=USER,
)


def put(state: TraceState, span: LightSpan) -> None:
    if span.span_id in state.rows:
        state.change(span)
    else:
        state.add([span])


def flagged(state: TraceState) -> set[str]:
    return {span_id for span_id, row in state.rows.items() if state.has_child_error(row)}


@settings(max_examples=300)
@given(st.lists(SPANS, min_size=1, max_size=20))
def test_after_each_span_it_is_what_the_reference_says(history: Sequence[Span]) -> None:
    state, spans = TraceState(), dict[str, Span]()
    for span in history:
        spans[span.span_id] = span
        before = flagged(state)
        state.errors_below_changed.clear()
        put(state, light_span(span))
        assert {state.spans[row].span_id for row in state.errors_below_changed} == before ^ flagged(state)
        check(state, spans)


def check(state: TraceState, spans: Mapping[str, Span]) -> None:
    """Compare the state of a trace with what the reference says of its spans."""
    trace, rolled = summarize(spans.values()), rollups(state)
    assert rolled.pop("first_started_at") == min(each.started_at for each in spans.values())
    assert rolled.pop("last_started_at") == max(each.started_at for each in spans.values())
    assert rolled == {name: getattr(trace, name) for name in rolled}
    assert state.spans[state.head].span_id == trace.head.span_id


@settings(max_examples=500)
@given(st.lists(SPANS, min_size=1, max_size=4), st.lists(st.lists(SPANS, max_size=6), max_size=5))
def test_after_several_spans_at_once_it_is_too(first: Sequence[Span], later: Sequence[Sequence[Span]]) -> None:
    """Spans come together in any number, none included, and may close a cycle amid the others."""
    state, spans = TraceState(), dict[str, Span]()
    for batch in [first, *later]:
        new = {span.span_id: span for span in batch if span.span_id not in spans}
        spans |= new
        before = flagged(state)
        state.errors_below_changed.clear()
        state.add(list(map(light_span, new.values())))
        old = {state.spans[row].span_id for row in state.errors_below_changed}
        assert old == before ^ flagged(state)
        check(state, spans)


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


def light(span_id: str, parent: str | None, at: int, status: SpanStatus = SpanStatus.SUCCESS) -> LightSpan:
    return LightSpan(span_id, parent, at, at + 1, status, None, Role.OTHER, None, None, None)


@pytest.mark.parametrize("size", [100, 20_000])
def test_a_span_of_a_wide_trace_costs_what_it_costs_in_a_small_one(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """What is looked at is counted, not timed: the new span, and those above it."""
    state = TraceState([light("root", None, 0), *(light(str(at), "root", at) for at in range(1, size))])
    looked_at = list[int]()
    above = state._above

    def counted(row: int) -> int | None:
        looked_at.append(row)
        return above(row)

    monkeypatch.setattr(state, "_above", counted)
    state.add([light("new", "root", size, SpanStatus.ERROR)])
    state.rollups()
    assert len(looked_at) < 20
