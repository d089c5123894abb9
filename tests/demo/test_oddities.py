"""From 50 traces on, every kind of odd trace is among them."""

from collections import Counter
from collections.abc import Callable

import pytest

from spanwell.demo.agents.conversations import Conversations
from spanwell.demo.day import HOUR
from spanwell.demo.dice import Dice
from spanwell.demo.oddities import ODDITIES, Moment
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span, SpanStatus
from spanwell.storage.reference.forest import Forest
from spanwell.storage.reference.rollups import summarize

from .conftest import NOW, stored


@pytest.fixture(scope="module", params=[50, 51, 64, 700])
def traces(request: pytest.FixtureRequest) -> list[list[Span]]:
    return stored(request.param, seed=request.param)


def _depth(spans: list[Span]) -> int:
    forest = Forest(spans)

    def above(span: Span) -> int:
        parent, levels = forest.parent(span), 0
        while parent is not None:
            parent, levels = forest.parent(parent), levels + 1
        return levels

    return max(map(above, spans)) + 1


def _widest(spans: list[Span]) -> int:
    return max(Counter(span.parent_span_id for span in spans if span.parent_span_id is not None).values(), default=0)


def _roots(spans: list[Span]) -> list[Span]:
    return [span for span in spans if span.is_root]


def _begins_before_its_parent(spans: list[Span]) -> bool:
    forest = Forest(spans)
    return any((parent := forest.parent(span)) is not None and span.started_at < parent.started_at for span in spans)


def _failed_below_a_good_root(spans: list[Span]) -> bool:
    trace = summarize(spans)
    return trace.status is SpanStatus.SUCCESS and trace.has_error and _depth(spans) > 6


def _running_and_failed(spans: list[Span]) -> bool:
    return summarize(spans).head.ended_at is None and any(s.ended_at is None and s.error_info for s in spans)


_KINDS: dict[str, Callable[[list[Span]], bool]] = {
    "deep": lambda spans: _depth(spans) >= 60,
    "wide": lambda spans: _widest(spans) >= 500,
    "failed-deep-inside": _failed_below_a_good_root,
    "failed-root": lambda spans: _roots(spans)[0].status is SpanStatus.ERROR,
    "root-missing": lambda spans: not _roots(spans) and len(spans) > 5,
    "orphans": lambda spans: bool(_roots(spans)) and summarize(spans).orphan_count > 0,
    "many-spans": lambda spans: 1_900 < len(spans) < 2_100,
    "several-roots": lambda spans: len(_roots(spans)) > 1,
    "clock-skew": _begins_before_its_parent,
    "odd-names": lambda spans: any("👩‍🚀" in span.name for span in spans) and any("\n" in span.name for span in spans),
    "big-input": lambda spans: any(len(span.input or "") > 50_000 for span in spans),
    "zero-duration": lambda spans: len(spans) > 1 and all(span.started_at == span.ended_at for span in spans),
    "nanoseconds": lambda spans: any(0 < (span.duration_ms or 0) < 0.001 for span in spans),
    "running": _running_and_failed,
}


@pytest.mark.parametrize("kind", _KINDS)
def test_every_odd_kind_is_there_and_is_tagged(traces: list[list[Span]], kind: str) -> None:
    (spans,) = [spans for spans in traces if any({"odd", kind} <= set(span.tags or ()) for span in spans)]
    assert _KINDS[kind](spans)


def test_the_last_trace_is_an_agent_at_work(traces: list[list[Span]]) -> None:
    root, *others = traces[-1]
    assert (root.type, root.status, root.output) == ("agent_run", SpanStatus.RUNNING, None)
    assert all(span.output is None for span in others if span.ended_at is None and not span.is_event)
    assert all(span.total_tokens is None for span in traces[-1] if span.ended_at is None)


def test_agents_mark_moments_with_events_that_take_no_time(traces: list[list[Span]]) -> None:
    events = [span for spans in traces for span in spans if span.is_event]
    assert events
    assert all(span.type == "model_chunk" and span.started_at == span.ended_at for span in events)


def test_fewer_than_50_traces_are_all_ordinary() -> None:
    assert not any("odd" in (span.tags or ()) for spans in stored(49, seed=1) for span in spans)


def test_an_order_with_a_refused_payment_is_no_trace_of_several_roots() -> None:
    """Nothing was sent, so nobody follows: another order is taken, however often payments fail."""
    for seed in range(20):
        dice = Dice(seed)
        incident = Nanos(NOW - 6 * HOUR - HOUR // 2)
        spans = dict(ODDITIES)["several-roots"](Moment(dice, Conversations(dice, 1), incident, NOW))
        assert len([span for span in spans if span.parent_span_id is None]) == 2
