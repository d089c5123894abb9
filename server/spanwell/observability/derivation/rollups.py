"""The rollups of a trace: what only its spans together can tell."""

from collections.abc import Collection, Iterable

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span, SpanStatus
from spanwell.observability.model.trace import LARGEST_COUNT, Trace

from .forest import earliest, topmost

_NS_PER_MS = 1_000_000


def milliseconds(started_at: Nanos, ended_at: Nanos | None) -> float | None:
    """Return the time between two moments; negative if they are the wrong way round."""
    return None if ended_at is None else (ended_at - started_at) / _NS_PER_MS


def summarize(spans: Collection[Span]) -> Trace:
    """Return the trace that some spans, at least one and all of one trace, make up."""
    roots = [span for span in spans if span.parent_span_id is None]
    head = earliest(roots or spans)
    started_at = Nanos(min([span.started_at for span in spans]))
    ended_at = None
    if head.ended_at is not None:
        ended_at = Nanos(max([span.ended_at for span in spans if span.ended_at is not None]))
    ids = {None, *(span.span_id for span in spans)}
    errors = sum([span.status is SpanStatus.ERROR for span in spans])
    trace = Trace(
        trace_id=head.trace_id,
        started_at=started_at,
        ended_at=ended_at,
        duration_ms=milliseconds(started_at, ended_at),
        status=head.status,
        span_count=len(spans),
        error_count=errors,
        has_error=errors > 0,
        orphan_count=sum([span.parent_span_id not in ids for span in spans]),
        services=sorted({span.service_name for span in spans if span.service_name is not None}),
        has_root=bool(roots),
        head=head,
    )
    _add_usage(trace, spans)
    return trace


def _add_usage(trace: Trace, spans: Collection[Span]) -> None:
    if not any(map(_states_usage, spans)):
        return
    speakers = topmost(spans, _states_tokens)
    trace.input_tokens = total(span.input_tokens for span in speakers)
    trace.output_tokens = total(span.output_tokens for span in speakers)
    trace.total_tokens = total(span.total_tokens for span in speakers)
    costs = [span.cost_usd for span in topmost(spans, _states_cost) if span.cost_usd is not None]
    trace.cost_usd = sum(sorted(costs)) if costs else None


def _states_tokens(span: Span) -> bool:
    return span.total_tokens is not None


def _states_cost(span: Span) -> bool:
    return span.cost_usd is not None


def _states_usage(span: Span) -> bool:
    return span.total_tokens is not None or span.cost_usd is not None


def total(counts: Iterable[int | None]) -> int | None:
    """Return the sum of those counts that are stated, as far as an Int goes; None if none is."""
    stated = [count for count in counts if count is not None]
    return min(sum(stated), LARGEST_COUNT) if stated else None
