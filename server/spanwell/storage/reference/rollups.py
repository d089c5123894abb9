"""The rollups of a trace, in plain Python."""

from collections.abc import Collection
from typing import Any

from spanwell.observability.derivation.derived import milliseconds
from spanwell.observability.derivation.light_spans import USAGE
from spanwell.observability.derivation.usage_rule import NOTHING, usage_values
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span, SpanStatus
from spanwell.observability.model.times import first_traced
from spanwell.observability.model.trace import CONTEXT, LARGEST_COUNT, Trace

from .forest import Forest, earliest
from .usage import UsageForest, usage_stated


def summarize(spans: Collection[Span]) -> Trace:
    """Return the trace of its spans, of which there is at least one."""
    roots = [span for span in spans if span.parent_span_id is None]
    head = earliest(roots or spans)
    started_at = first_traced(span.started_at for span in spans)
    ended_at = None
    if _end(head) is not None:
        ended_at = Nanos(max([end for span in spans if (end := _end(span)) is not None]))
    ids = {None, *(span.span_id for span in spans)}
    errors = sum([span.status is SpanStatus.ERROR for span in spans])
    forest = Forest(spans)
    context: dict[str, Any] = {name: _stated(name, head, forest) for name in CONTEXT}
    return Trace(
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
        tags=sorted({tag for span in spans for tag in span.tags or ()}) or None,
        **_usage(forest),
        **context,
    )


def _end(span: Span) -> Nanos | None:
    return span.started_at if span.ended_at is None and span.is_event else span.ended_at


def _usage(forest: Forest) -> dict[str, Any]:
    total = NOTHING
    for span in UsageForest(forest).counting(forest.spans.values()):
        total = total.plus(usage_stated(span) or NOTHING)
    return dict(zip(USAGE, usage_values(total, LARGEST_COUNT), strict=True))


def _stated(name: str, head: Span, forest: Forest) -> str | None:
    """Return the value of the root, or else of the span nearest to the root that has one."""
    stating = [span for span in (head, *forest.spans.values()) if getattr(span, name) is not None]
    if not stating or stating[0] is head:
        return getattr(head, name) if stating else None
    depths = {span.span_id: sum(1 for _ in forest.ancestors(span)) for span in stating}
    nearest = min(stating, key=lambda span: (depths[span.span_id], span.started_at, span.span_id))
    value: str = getattr(nearest, name)
    return value
