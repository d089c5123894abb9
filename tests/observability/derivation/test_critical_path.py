"""The critical path of a trace: what its end was waiting for."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from spanwell.observability.derivation.critical_path import Segment, critical_path
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span
from spanwell.storage.reference.forest import Forest, positions
from tests.making import at, ended, span

IDS = [str(i) for i in range(8)]
MOMENTS = st.integers(0, 12).map(at)


@st.composite
def traces(draw: st.DrawFn) -> list[Span]:
    spans = [
        span("t", i, draw(st.none() | st.sampled_from([*IDS, "missing"])), started_at=draw(MOMENTS))
        for i in IDS[: draw(st.integers(1, len(IDS)))]
    ]
    for each in spans:
        each.ended_at = draw(st.none() | MOMENTS)
    return placed(spans)


def placed(spans: list[Span]) -> list[Span]:
    for span_id, place in positions(spans).items():
        (each,) = (s for s in spans if s.span_id == span_id)
        each.has_child_error, each.tree_start, each.tree_end, each.tree_parent = place
    return spans


def naive(spans: list[Span]) -> list[tuple[str, int, int]]:
    """Return what the definition says, word by word, and as slow as it pleases."""
    forest = Forest(spans)
    moments = [m for s in spans for m in (s.started_at, s.ended_at) if m is not None]
    found: list[tuple[str, int, int]] = []

    def walk(name: str | None, family: list[Span], first: int, last: int) -> None:
        now = last
        while True:
            known = [
                (min(last, last if s.ended_at is None else s.ended_at), -max(first, s.started_at), -i, s)
                for i, s in enumerate(family)
            ]
            done = [(end, start, i, s) for end, start, i, s in known if -start < end <= now]
            if not done:
                break
            end, start, _, child = max(done, key=lambda one: one[:3])
            if name is not None and end < now:
                found.append((name, end, now))
            walk(child.span_id, forest.children(child), -start, end)
            now = -start
        if name is not None and first < now:
            found.append((name, first, now))

    walk(None, forest.tops, min(s.started_at for s in spans), max(moments))
    return found[::-1]


def path(spans: list[Span]) -> list[tuple[str, int, int]]:
    return [(each.span.span_id, each.started_at, each.ended_at) for each in critical_path(spans)]


@given(traces())
def test_it_is_what_its_definition_says(spans: list[Span]) -> None:
    assert path(spans) == naive(spans)


@given(traces(), st.permutations(range(len(IDS))))
def test_it_does_not_depend_on_the_order_in_which_spans_are_read(spans: list[Span], order: list[int]) -> None:
    assert path([spans[i] for i in order if i < len(spans)]) == path(spans)


@given(traces())
def test_segments_follow_each_other_in_time_and_lie_within_their_spans(spans: list[Span]) -> None:
    found = critical_path(spans)
    for one, other in pairwise(found):
        assert one.ended_at <= other.started_at
    for each in found:
        assert each.span.started_at <= each.started_at < each.ended_at
        assert each.span.ended_at is None or each.ended_at <= each.span.ended_at


@given(traces())
def test_under_a_single_root_that_ended_it_has_no_gap(spans: list[Span]) -> None:
    root = span("t", "root", started_at=at(-1), ended_at=at(20))
    for each in spans:
        each.parent_span_id = each.parent_span_id if each.parent_span_id in IDS[: len(spans)] else "root"
    found = critical_path(placed([root, *spans]))
    moments: list[Nanos] = [found[0].started_at, *(each.ended_at for each in found)]
    assert moments[:-1] == [each.started_at for each in found]
    assert (moments[0], moments[-1]) == (root.started_at, root.ended_at)


def test_the_last_to_finish_is_followed_and_what_it_overlapped_is_not() -> None:
    spans = placed(
        [
            ended("t", "root", ended_at=at(10)),
            ended("t", "early", "root", started_at=at(1), ended_at=at(3)),
            ended("t", "beside", "root", started_at=at(2), ended_at=at(6)),
            ended("t", "late", "root", started_at=at(5), ended_at=at(9)),
            ended("t", "overran", "late", started_at=at(8), ended_at=at(12)),
        ]
    )
    assert critical_path(spans) == [
        Segment(spans[0], at(0), at(1)),
        Segment(spans[1], at(1), at(3)),
        Segment(spans[0], at(3), at(5)),
        Segment(spans[3], at(5), at(8)),
        Segment(spans[4], at(8), at(9)),
        Segment(spans[0], at(9), at(10)),
    ]
    assert critical_path(spans)[0].duration_ms == 1000.0


def test_what_still_runs_lasts_as_long_as_what_is_known_of_the_trace() -> None:
    spans = placed(
        [span("t", "root"), span("t", "agent", "root", started_at=at(1)), ended("t", "x", "agent", ended_at=at(4))]
    )
    assert path(spans) == [("root", at(0), at(1)), ("x", at(1), at(4))]


def test_a_trace_of_nothing_and_of_a_moment_has_none() -> None:
    assert critical_path([]) == []
    assert critical_path([ended("t", "event", ended_at=at(0))]) == []


def test_a_chain_of_a_hundred_thousand_spans_is_no_trouble() -> None:
    chain = [ended("t", str(i)) for i in range(100_000)]
    for i, each in enumerate(chain):
        each.tree_start, each.tree_end, each.tree_parent = i, len(chain) - 1, i - 1 if i else None
    assert path(chain) == [("99999", at(0), at(1))]
