"""A trace that is kept up to date span by span is what all its spans together make up, whatever comes in what order."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from typing_extensions import override

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
        check(state, spans)


def check(state: TraceState, spans: Mapping[str, Span]) -> None:
    """Compare the state of a trace with what the reference says of its spans."""
    trace, rolled = summarize(spans.values()), rollups(state)
    assert rolled.pop("first_started_at") == min(each.started_at for each in spans.values())
    assert rolled.pop("last_started_at") >= max(each.started_at for each in spans.values())
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


class Unwalked(list[LightSpan]):
    """Spans that may be looked up, but not walked one after another."""

    @override
    def __iter__(self) -> Iterator[LightSpan]:
        raise AssertionError("all spans of the trace are walked")


def steps_of(monkeypatch: pytest.MonkeyPatch, state: TraceState, *batches: Sequence[LightSpan]) -> int:
    """Add or change spans of a trace; return how many steps upwards that took. All its spans are never walked."""
    state.rollups()
    monkeypatch.setattr(state, "spans", Unwalked(state.spans))
    steps = list[int]()
    above = state._above

    def counted(row: int) -> int | None:
        steps.append(row)
        return above(row)

    monkeypatch.setattr(state, "_above", counted)
    for batch in batches:
        for span in batch:
            put(state, span)
        state.rollups()
    return len(steps)


SIZES = pytest.mark.parametrize("size", [100, 20_000])
"""What is looked at is counted, not timed: the new spans, and those above them."""


@SIZES
def test_a_span_of_a_wide_trace_costs_what_it_costs_in_a_small_one(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    state = TraceState([light("root", None, 0), *(light(str(at), "root", at) for at in range(1, size))])
    assert steps_of(monkeypatch, state, [light("new", "root", size, SpanStatus.ERROR)]) < 20


@SIZES
def test_so_does_a_parent_that_arrives_after_spans_that_state_the_session(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """As OpenTelemetry exports them: a span when it ends, so its children come first."""
    state = TraceState([light("root", None, 0)])
    for at in range(1, size // 2):
        state.add([light(f"model {at}", f"step {at}", at, session=f"session {at % 7}")])
        state.add([light(f"step {at}", "root", at)])
    late = [light("model", "step", size, session="last")], [light("step", "root", size)]
    assert steps_of(monkeypatch, state, *late) < 40
    assert rollups(state)["session_id"] == "session 1"


@SIZES
def test_so_does_a_span_that_turns_out_to_be_of_another_session(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    spans = (light(str(at), "root", at, session="their own") for at in range(1, size))
    state = TraceState([light("root", None, 0, session="guessed"), *spans])
    assert steps_of(monkeypatch, state, [light("root", None, 0, session="known")]) < 20
    assert rollups(state)["session_id"] == "known"


@SIZES
@pytest.mark.parametrize("first", [0, EARLIEST_TRACED])
def test_so_does_a_root_that_ends_later_and_later(monkeypatch: pytest.MonkeyPatch, size: int, first: int) -> None:
    """A sender may tell of a long run again and again; and one span without a time must not make a difference."""
    begin = EARLIEST_TRACED + 1
    spans = (light(str(at), "root", begin + at) for at in range(2, size))
    state = TraceState([light("1", "root", first), light("root", None, begin), *spans])
    again = [replace(light("root", None, begin), ended_at=begin + size + more) for more in range(5)]
    assert steps_of(monkeypatch, state, again) < 40
    assert rollups(state)["ended_at"] == begin + size + 4
    assert rollups(state)["started_at"] == (begin if first == 0 else first)


@SIZES
def test_so_do_spans_whose_start_is_corrected(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Some senders tell the start in milliseconds first, and precisely once a span has ended."""
    begin = EARLIEST_TRACED + 10
    spans = (light(str(at), "root", begin + 10 * at, session=f"session {at}") for at in range(1, size))
    state = TraceState([light("root", None, begin), *spans])
    corrected = [
        replace(light(str(at), "root", begin + 10 * at - 5, session=f"session {at}"), ended_at=begin + 10 * at + 1)
        for at in (*range(2, 50), size - 1)
    ]
    earlier = light("50", "root", begin + 3, session="session 50")
    assert steps_of(monkeypatch, state, corrected, [earlier], [light("root", None, begin - 9)]) < 1_000
    assert rollups(state)["session_id"] == "session 50"
    assert rollups(state)["started_at"] == begin - 9


def test_spans_that_change_again_and_again_leave_little_behind() -> None:
    state = TraceState([light("root", None, 0), *(light(str(at), "root", at, session=str(at)) for at in range(1, 9))])
    for at in range(1_000):
        state.change(light("1", "root", 10 + at % 7, session="1"))
        assert rollups(state)["session_id"] == "2"
    assert all(len(heap) < 50 for heap in state._context._heaps.values())


@SIZES
def test_so_do_spans_whose_parent_is_corrected(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Some senders learn the parent of a span after they have told of it."""
    spans = (light(str(at), "lost" if at % 2 else "root", at, session=f"session {at}") for at in range(1, size))
    state = TraceState([light("root", None, 0), *spans])
    moved = [light(str(at), "8", at, SpanStatus.ERROR, f"session {at}") for at in range(11, 60)]
    assert steps_of(monkeypatch, state, moved, [light("8", "6", 8, session="session 8")]) < 1_000
    assert state.has_child_error(state.rows["6"])
    assert rollups(state)["orphan_count"] == size // 2 - 25
    assert rollups(state)["session_id"] == "session 1"
