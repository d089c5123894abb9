"""What only the spans of a trace together can tell: its rollups, and which spans have failing descendants.

A trace is a forest: spans may come late, name a parent that never comes, or name each other in a cycle. A cycle is
cut at its earliest span, which then counts as a top, so that every walk ends.
"""

from collections.abc import Callable, Collection, Iterable

from .columns import Nanos
from .span import Span, SpanStatus
from .trace import LARGEST_COUNT, Trace

_NS_PER_MS = 1_000_000


def milliseconds(started_at: Nanos, ended_at: Nanos | None) -> float | None:
    """Return the time between two moments; negative if they are the wrong way round."""
    return None if ended_at is None else (ended_at - started_at) / _NS_PER_MS


def earliest(spans: Iterable[Span]) -> Span:
    """Return the first span by time, then by id."""
    return min(spans, key=lambda span: (span.started_at, span.span_id))


class Forest:
    """The spans of one trace and who is whose parent."""

    def __init__(self, spans: Collection[Span]) -> None:
        self.spans = {span.span_id: span for span in spans}
        self._cut: set[str] = set()
        self._cut_cycles()

    def parent(self, span: Span) -> Span | None:
        """Return a span's parent, if it has arrived and the link does not close a cycle."""
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

    def with_failing_descendants(self) -> set[str]:
        """Return the ids of the spans of which some descendant, not the span itself, has status ERROR."""
        found: set[str] = set()
        for span in self.spans.values():
            if span.status is SpanStatus.ERROR:
                above = self.parent(span)
                while above is not None and above.span_id not in found:
                    found.add(above.span_id)
                    above = self.parent(above)
        return found

    def topmost(self, states: Callable[[Span], bool]) -> list[Span]:
        """Return the spans that state something which none of their ancestors states."""
        stating = [span for span in self.spans.values() if states(span)]
        if len(stating) < 2:
            return stating
        covered: dict[str, bool] = {}
        return [span for span in stating if not self._covered(span, states, covered)]

    def _covered(self, span: Span, states: Callable[[Span], bool], known: dict[str, bool]) -> bool:
        path: list[str] = []
        answer = False
        at: Span | None = span
        while at is not None:
            if at.span_id in known:
                answer = known[at.span_id]
                break
            path.append(at.span_id)
            at = self.parent(at)
            if at is not None and states(at):
                answer = True
                break
        known.update(dict.fromkeys(path, answer))
        return answer


def summarize(spans: Collection[Span]) -> Trace:
    """Return the trace that some spans, at least one and all of one trace, make up."""
    roots = [span for span in spans if span.parent_span_id is None]
    head = earliest(roots or spans)
    started_at = Nanos(min(span.started_at for span in spans))
    ended_at = None
    if head.ended_at is not None:
        ended_at = Nanos(max(span.ended_at for span in spans if span.ended_at is not None))
    ids = {span.span_id for span in spans}
    errors = sum(span.status is SpanStatus.ERROR for span in spans)
    trace = Trace(
        trace_id=head.trace_id,
        started_at=started_at,
        ended_at=ended_at,
        duration_ms=milliseconds(started_at, ended_at),
        status=head.status,
        span_count=len(spans),
        error_count=errors,
        has_error=errors > 0,
        orphan_count=sum(span.parent_span_id is not None and span.parent_span_id not in ids for span in spans),
        services=sorted({span.service_name for span in spans if span.service_name is not None}),
        has_root=bool(roots),
        head=head,
    )
    _add_usage(trace, spans)
    return trace


def _add_usage(trace: Trace, spans: Collection[Span]) -> None:
    if not any(map(_states_usage, spans)):
        return
    forest = Forest(spans)
    speakers = forest.topmost(_states_tokens)
    trace.input_tokens = _total(span.input_tokens for span in speakers)
    trace.output_tokens = _total(span.output_tokens for span in speakers)
    trace.total_tokens = _total(span.total_tokens for span in speakers)
    costs = [span.cost_usd for span in forest.topmost(_states_cost) if span.cost_usd is not None]
    trace.cost_usd = sum(sorted(costs)) if costs else None


def _states_tokens(span: Span) -> bool:
    return span.total_tokens is not None


def _states_cost(span: Span) -> bool:
    return span.cost_usd is not None


def _states_usage(span: Span) -> bool:
    return span.total_tokens is not None or span.cost_usd is not None


def _total(counts: Iterable[int | None]) -> int | None:
    stated = [count for count in counts if count is not None]
    return min(sum(stated), LARGEST_COUNT) if stated else None
