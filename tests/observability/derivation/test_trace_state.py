"""A trace that is kept up to date span by span is what all its spans together make up, whatever comes in what order."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from spanwell.observability.derivation.derived import derived
from spanwell.observability.derivation.light_spans import LightSpan
from spanwell.observability.derivation.trace_state import TraceState
from spanwell.observability.derivation.usage_rule import Role
from spanwell.observability.model.columns import Json, Nanos
from spanwell.observability.model.span import Span, SpanStatus
from spanwell.observability.model.times import EARLIEST_TRACED
from spanwell.storage.reference.forest import positions
from spanwell.storage.reference.rollups import summarize
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
    started_at=(st.integers(-2, 4) | st.integers(EARLIEST_TRACED - 1, EARLIEST_TRACED + 3)).map(Nanos),
    ended_at=st.none() | (st.integers(-2, 9) | st.integers(EARLIEST_TRACED - 1, EARLIEST_TRACED + 8)).map(Nanos),
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
        check(state, spans, max(each.started_at for each in history))


def check(state: TraceState, spans: Mapping[str, Span], latest: int | None = None) -> None:
    """Compare the state of a trace with what the reference says of its spans.

    `latest` is the last time at which any of them ever seemed to have started, if starts have changed.
    """
    trace, rolled = summarize(spans.values()), rollups(state)
    starts = [each.started_at for each in spans.values()]
    assert rolled.pop("first_started_at") == min(starts)
    assert max(starts) <= rolled.pop("last_started_at") <= (max(starts) if latest is None else latest)
    assert rolled == {name: getattr(trace, name) for name in rolled}
    assert state.spans[state.head].span_id == trace.head.span_id
    assert flagged(state) == {span_id for span_id, (is_above, *_) in positions(spans.values()).items() if is_above}


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


def light(
    span_id: str, parent: str | None, at: int, status: SpanStatus = SpanStatus.SUCCESS, session: str | None = None
) -> LightSpan:
    context = None if session is None else {"session_id": session}
    return LightSpan(span_id, parent, at, at + 1, status, None, Role.OTHER, None, context, None)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=8))
def test_the_session_is_that_of_the_earliest_whenever_spans_turn_out_to_have_started(
    changes: Sequence[tuple[int, int]],
) -> None:
    starts = [1, 3, 5, 7]
    state = TraceState(
        [light("root", None, 0), *(light(str(n), "root", at, session=str(n)) for n, at in enumerate(starts))]
    )
    for number, at in [(0, 1), *changes]:
        starts[number] = at
        state.change(light(str(number), "root", at, session=str(number)))
        assert rollups(state)["session_id"] == str(min(range(4), key=lambda each: (starts[each], str(each))))


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(1, 7), st.integers(-2, 6)), min_size=1, max_size=12))
def test_after_each_change_of_a_parent_it_is_what_the_reference_says(changes: Sequence[tuple[int, int]]) -> None:
    """Spans move up, down and out of the tree, with their errors, usage and sessions, but close no cycle."""
    spans = {
        str(at): made(
            (at, None) if at % 3 else (None, None),
            span_id=str(at),
            parent_span_id=None if at == 0 else str(at - 1),
            type=TYPES[at % len(TYPES)],
            started_at=Nanos(at),
            error_info=Json("{}") if at % 4 == 3 else None,
            session_id=str(at) if at > 1 else None,
        )
        for at in range(8)
    }
    state = TraceState(map(light_span, spans.values()))
    for at, above in changes:
        parent = "missing" if above == -1 else None if above < 0 else str(above % at)
        span = spans[str(at)] = copy(spans[str(at)])
        span.parent_span_id = parent
        before = flagged(state)
        state.errors_below_changed.clear()
        state.change(light_span(span))
        assert {state.spans[row].span_id for row in state.errors_below_changed} == before ^ flagged(state)
        check(state, spans)
