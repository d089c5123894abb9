"""Services and their calls, in plain Python."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from spanwell.observability.model.span import Span, SpanStatus
from spanwell.observability.questions.services import Edge, Service

from .statistics import quantile

Call: TypeAlias = tuple[Span, Span]
"""A span, and a child that belongs to another service."""


def plain_services(spans: Iterable[Span], size: int) -> list[Service]:
    """Return the services of some spans, busiest first."""
    families: dict[str, list[Span]] = {}
    for span in spans:
        if span.service_name is not None:
            families.setdefault(span.service_name, []).append(span)
    found = [_service(name, family) for name, family in families.items()]
    return sorted(found, key=lambda service: (-service.span_count, service.name))[:size]


def _service(name: str, spans: Sequence[Span]) -> Service:
    durations = _durations(spans)
    return Service(
        name,
        len(spans),
        len({span.trace_id for span in spans}),
        _error_rate(spans),
        quantile(durations, 0.5),
        quantile(durations, 0.95),
        max(span.started_at for span in spans),
    )


def plain_edges(calls: Iterable[Call], size: int) -> list[Edge]:
    """Return the edges of some calls, busiest first."""
    families: dict[tuple[str, str], list[Span]] = {}
    for parent, child in calls:
        if None not in {parent.service_name, child.service_name} and parent.service_name != child.service_name:
            families.setdefault((str(parent.service_name), str(child.service_name)), []).append(child)
    found = [
        Edge(caller, called, len(family), _error_rate(family), quantile(_durations(family), 0.95))
        for (caller, called), family in families.items()
    ]
    return sorted(found, key=lambda edge: (-edge.call_count, edge.caller, edge.called))[:size]


def _durations(spans: Iterable[Span]) -> list[float]:
    return sorted(span.duration_ms for span in spans if span.duration_ms is not None)


def _error_rate(spans: Sequence[Span]) -> float:
    return sum(span.status is SpanStatus.ERROR for span in spans) / len(spans)
