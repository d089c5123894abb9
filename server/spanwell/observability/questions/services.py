"""The services that spans name, and who calls whom."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from spanwell.observability.model.columns import Nanos


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


def graph_of(services: Iterable[Service], edges: list[Edge]) -> ServiceGraph:
    """Return the graph of some edges and services; one that only calls has no spans of its own.

    Of services a graph says only what it shows: to count their traces takes longer than everything else.
    """
    nodes = {s.name: replace(s, trace_count=None, p50=None, last_seen_at=None) for s in services}
    for name in sorted({name for edge in edges for name in (edge.caller, edge.called)} - nodes.keys()):
        nodes[name] = Service(name)
    return ServiceGraph(list(nodes.values()), edges)
