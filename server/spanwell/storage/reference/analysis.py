"""Analysis of many spans, in plain Python."""

from collections import Counter
from collections.abc import Iterable, Sequence

from spanwell.observability.analysis.call_paths import CallPath, CallTreeQuery, Path, arranged, paths_of
from spanwell.observability.analysis.error_groups import (
    ErrorGroup,
    ErrorsQuery,
    error_text,
    normalized,
    step_of,
    trend_of,
)
from spanwell.observability.model.span import Span, SpanStatus
from spanwell.observability.questions.ordering import NEWEST_SPANS, ordered
from spanwell.storage.reference.forest import Forest

from .statistics import quantile
from .trees import self_time_ms


def plain_errors(spans: Iterable[Span], query: ErrorsQuery) -> list[ErrorGroup]:
    """Return the error groups of some spans."""
    failed = [span for span in spans if span.status is SpanStatus.ERROR]
    families: dict[str, list[Span]] = {}
    for span in failed:
        families.setdefault(normalized(error_text(span)), []).append(span)
    ranked = sorted(families.items(), key=lambda family: (-len(family[1]), family[0]))
    stretch = [span.started_at for span in failed]
    return [_group(message, family, min(stretch), max(stretch), query) for message, family in ranked[: query.size]]


def _group(message: str, spans: Sequence[Span], first: int, last: int, query: ErrorsQuery) -> ErrorGroup:
    step = step_of(first, last, query.buckets)
    buckets = Counter((span.started_at - first) // step for span in spans)
    return ErrorGroup(
        message,
        len(spans),
        len({span.trace_id for span in spans}),
        sorted({span.service_name for span in spans if span.service_name is not None}),
        min(span.started_at for span in spans),
        max(span.started_at for span in spans),
        ordered(spans, NEWEST_SPANS)[0].key,
        trend_of(buckets, first, last, query.buckets),
    )


def plain_call_tree(traces: Iterable[Forest], query: CallTreeQuery) -> list[CallPath]:
    """Return the call paths of some traces."""
    families: dict[Path, list[tuple[Span, float]]] = {}
    for forest in traces:
        for path, span in paths_of(list(forest.spans.values())):
            if len(path) <= query.depth:
                alone = self_time_ms(span, forest.children(span)) or 0.0
                families.setdefault(path, []).append((span, alone))
    return arranged([_path(path, family) for path, family in families.items()], query.size)


def _path(path: Path, family: Sequence[tuple[Span, float]]) -> CallPath:
    spans = [span for span, _ in family]
    durations = sorted(span.duration_ms for span in spans if span.duration_ms is not None)
    nanos = sum(max(0, span.ended_at - span.started_at) for span in spans if span.ended_at is not None)
    return CallPath(
        path,
        len(spans),
        len({span.trace_id for span in spans}),
        sum(span.status is SpanStatus.ERROR for span in spans),
        nanos / 1_000_000,
        sum(round(alone * 1_000_000) for _, alone in family) / 1_000_000,
        quantile(durations, 0.5),
        quantile(durations, 0.95),
    )
