"""The services that spans name, and who calls whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from .columns import Nanos
from .plain_stats import quantile
from .span import Span, SpanStatus

Call: TypeAlias = tuple[Span, Span]
"""A span, and a child of it of another service."""


@dataclass(frozen=True)
class Service:
    """What the spans of a service come to; rates and quantiles are None where there is nothing to tell them from."""

    name: str
    span_count: int = 0
    trace_count: int | None = None
    error_rate: float | None = None
    p50: float | None = None
    p95: float | None = None
    last_seen_at: Nanos | None = None


@dataclass(frozen=True)
class Edge:
    """What the calls from one service to another come to; durations are those of the called spans."""

    caller: str
    called: str
    call_count: int
    error_rate: float
    p95: float | None


@dataclass(frozen=True)
class ServiceGraph:
    """Services, and the calls between them."""

    nodes: list[Service]
    edges: list[Edge]


def plain_services(spans: Iterable[Span], size: int) -> list[Service]:
    """Return the services of some spans, the busiest first: the meaning that every backend must give."""
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
    """Return the edges that some calls make, the busiest first: the meaning that every backend must give."""
    families: dict[tuple[str, str], list[Span]] = {}
    for parent, child in calls:
        if None not in {parent.service_name, child.service_name} and parent.service_name != child.service_name:
            families.setdefault((str(parent.service_name), str(child.service_name)), []).append(child)
    found = [
        Edge(caller, called, len(family), _error_rate(family), quantile(_durations(family), 0.95))
        for (caller, called), family in families.items()
    ]
    return sorted(found, key=lambda edge: (-edge.call_count, edge.caller, edge.called))[:size]


def graph_of(services: Iterable[Service], edges: list[Edge]) -> ServiceGraph:
    """Return the graph of some edges and services; one that only calls has no spans of its own.

    Of services a graph says only what it shows: to count their traces takes longer than everything else.
    """
    nodes = {s.name: replace(s, trace_count=None, p50=None, last_seen_at=None) for s in services}
    for name in sorted({name for edge in edges for name in (edge.caller, edge.called)} - nodes.keys()):
        nodes[name] = Service(name)
    return ServiceGraph(list(nodes.values()), edges)


def _durations(spans: Iterable[Span]) -> list[float]:
    return sorted(span.duration_ms for span in spans if span.duration_ms is not None)


def _error_rate(spans: Sequence[Span]) -> float:
    return sum(span.status is SpanStatus.ERROR for span in spans) / len(spans)
