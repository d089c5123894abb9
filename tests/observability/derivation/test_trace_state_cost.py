"""What a new or changed span costs depends on the spans above it, not on the size of its trace."""

from collections.abc import Iterator, Sequence

import pytest
from msgspec.structs import replace
from typing_extensions import override

from spanwell.observability.derivation.light_spans import LightSpan
from spanwell.observability.derivation.trace_state import TraceState
from spanwell.observability.model.span import SpanStatus
from spanwell.observability.model.times import EARLIEST_TRACED
from tests.making import rollups

from .test_trace_state import light, put


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
    assert rollups(state)["last_started_at"] == begin + 10 * (size - 1)  # as it was told first
    assert rollups(TraceState(list.__iter__(state.spans)))["last_started_at"] == begin + 10 * (size - 1) - 5


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
