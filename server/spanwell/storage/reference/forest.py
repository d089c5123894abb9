"""The spans of a trace as a forest.

Spans may arrive before their parents, name a parent that never arrives, or form a cycle. A cycle is cut at its earliest
span, which becomes a root, so that every walk ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from spanwell.observability.model.assessments import Assessment
from spanwell.observability.model.span import Span, SpanStatus
from spanwell.observability.model.trace import Trace


def earliest(spans: Iterable[Span]) -> Span:
    """Return the first span by start time, then by id."""
    return min(spans, key=lambda span: (span.started_at, span.span_id))


class Position(NamedTuple):
    """The columns of a span that depend on its place in the trace."""

    has_child_error: bool
    tree_start: int
    tree_end: int
    tree_parent: int | None


def positions(spans: Collection[Span]) -> dict[str, Position]:
    """Return the position of each span of a trace, by span id; places are numbered in pre-order, from 0."""
    forest = Forest(spans)
    failing = forest.with_failing_descendants()
    starts, ends = forest.intervals()
    found: dict[str, Position] = {}
    for span_id, span in forest.spans.items():
        parent = forest.parent(span)
        above = None if parent is None else starts[parent.span_id]
        found[span_id] = Position(span_id in failing, starts[span_id], ends[span_id], above)
    return found


def _by_time(spans: Iterable[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: (span.started_at, span.span_id))


class Forest:
    """The spans of a trace with their parents, and its scores and feedback."""

    def __init__(
        self,
        spans: Collection[Span],
        assessments: Sequence[Assessment] = (),
        trace: Trace | None = None,
        traces: Sequence[tuple[Trace, Forest]] = (),
    ) -> None:
        self.assessments = assessments
        self.trace = trace
        self.traces = traces  # of a conversation
        self.spans = {span.span_id: span for span in spans}
        self._cut: set[str] = set()
        self._cut_cycles()

    def parent(self, span: Span) -> Span | None:
        """Return a span's parent if it has arrived and the link closes no cycle, else None."""
        if span.parent_span_id is None or span.span_id in self._cut:
            return None
        return self.spans.get(span.parent_span_id)

    def _cut_cycles(self) -> None:
        done: set[str] = set()
        for start in self.spans.values():
            path: dict[str, Span] = {}
            span: Span | None = start
            while span is not None and span.span_id not in done:
                if span.span_id in path:
                    ids = list(path)
                    cycle = ids[ids.index(span.span_id) :]
                    self._cut.add(earliest(path[i] for i in cycle).span_id)
                    break
                path[span.span_id] = span
                span = self.parent(span)
            done.update(path)

    def ancestors(self, span: Span) -> Iterator[Span]:
        """Yield a span's ancestors, nearest first."""
        above = self.parent(span)
        while above is not None:
            yield above
            above = self.parent(above)

    def children(self, span: Span) -> list[Span]:
        """Return a span's children, earliest first."""
        return self._children.get(span.span_id, [])

    def descendants(self, span: Span) -> Iterator[Span]:
        """Yield a span's descendants in pre-order."""
        waiting = self.children(span)[::-1]
        while waiting:
            below = waiting.pop()
            yield below
            waiting += reversed(self.children(below))

    def siblings(self, span: Span) -> list[Span]:
        """Return the other spans that name the same parent, whether it has arrived or not."""
        if span.parent_span_id is None or span.span_id in self._cut:
            return []
        return [
            other
            for other in self.spans.values()
            if other.parent_span_id == span.parent_span_id
            and other.span_id != span.span_id
            and other.span_id not in self._cut
        ]

    @cached_property
    def tops(self) -> list[Span]:
        """The spans without a parent in the forest, earliest first."""
        return _by_time(span for span in self.spans.values() if self.parent(span) is None)

    @cached_property
    def _children(self) -> dict[str, list[Span]]:
        families: dict[str, list[Span]] = {}
        for span in self.spans.values():
            parent = self.parent(span)
            if parent is not None:
                families.setdefault(parent.span_id, []).append(span)
        return {span_id: _by_time(family) for span_id, family in families.items()}

    def intervals(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return for each span its place in pre-order, and that of its last descendant."""
        starts: dict[str, int] = {}
        ends: dict[str, int] = {}
        waiting = [(span, False) for span in reversed(self.tops)]
        while waiting:
            span, is_done = waiting.pop()
            if is_done:
                ends[span.span_id] = len(starts) - 1
                continue
            starts[span.span_id] = len(starts)
            waiting.append((span, True))
            waiting += [(below, False) for below in reversed(self.children(span))]
        return starts, ends

    def with_failing_descendants(self) -> set[str]:
        """Return the ids of the spans with a descendant whose status is ERROR."""
        found: set[str] = set()
        for span in self.spans.values():
            if span.status is SpanStatus.ERROR:
                above = self.parent(span)
                while above is not None and above.span_id not in found:
                    found.add(above.span_id)
                    above = self.parent(above)
        return found
