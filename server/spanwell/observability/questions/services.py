"""Services, and the calls between them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from spanwell.observability.model.columns import Nanos


@dataclass(frozen=True)
class Service:
    """The figures of a service's spans; rates and quantiles are None without data."""

    name: str
    span_count: int = 0
    trace_count: int | None = None
    error_rate: float | None = None
    p50: float | None = None
    p95: float | None = None
    last_seen_at: Nanos | None = None


@dataclass(frozen=True)
class Edge:
    """The figures of the calls from one service to another; durations are those of the called spans."""

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


def graph_of(services: Iterable[Service], edges: list[Edge]) -> ServiceGraph:
    """Return the graph of some edges and services; a service that only calls others has no matching spans.

    Services have only the figures that a graph shows, because counting their traces takes longer than everything else.
    """
    nodes = {s.name: replace(s, trace_count=None, p50=None, last_seen_at=None) for s in services}
    for name in sorted({name for edge in edges for name in (edge.caller, edge.called)} - nodes.keys()):
        nodes[name] = Service(name)
    return ServiceGraph(list(nodes.values()), edges)
