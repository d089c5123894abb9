"""Services and their calls as clients see them."""

import strawberry

from spanwell.graphql.basics.nodes import answered_by
from spanwell.observability.model.columns import Nanos
from spanwell.observability.questions.services import Edge

_ERROR_RATE = "Share of its spans with status ERROR, from 0 to 1"
_EXACT = "in milliseconds, exact and interpolated; null if no span has ended"


@strawberry.type
class ServiceSummary:
    """Totals of a service's spans."""

    name: str = strawberry.field(description="Name of the service.")
    span_count: int = strawberry.field(description="Number of spans.")
    trace_count: int = strawberry.field(description="Number of traces it takes part in.")
    error_rate: float = strawberry.field(description=f"{_ERROR_RATE}.")
    p50: float | None = strawberry.field(description=f"Median duration {_EXACT}.")
    p95: float | None = strawberry.field(description=f"95th percentile of the durations {_EXACT}.")
    last_seen_at: Nanos = strawberry.field(description="Start of its latest span.")


@strawberry.type
class ServiceNode:
    """A service in the service graph."""

    name: str = strawberry.field(description="Name of the service.")
    span_count: int = strawberry.field(
        description="Number of matching spans of the service; 0 if it only calls others."
    )
    error_rate: float | None = strawberry.field(description=f"{_ERROR_RATE}; null if it has none.")
    p95: float | None = strawberry.field(description=f"95th percentile of the durations {_EXACT}.")


def _caller(edge: strawberry.Parent[Edge]) -> str:
    return edge.caller


def _called(edge: strawberry.Parent[Edge]) -> str:
    return edge.called


@strawberry.type
class ServiceEdge:
    """Calls from one service to another."""

    from_: str = strawberry.field(
        resolver=_caller, name="from", description="The calling service: that of the parent span."
    )
    to: str = answered_by(_called, "The called service: that of the child span.")
    call_count: int = strawberry.field(description="Number of calls.")
    error_rate: float = strawberry.field(description="Share of the called spans with status ERROR, from 0 to 1.")
    p95: float | None = strawberry.field(description=f"95th percentile of the called spans' durations {_EXACT}.")


@strawberry.type(name="ServiceGraph")
class ServiceGraphType:
    """Services and the calls between them."""

    nodes: list[ServiceNode] = strawberry.field(description="Services, busiest first.")
    edges: list[ServiceEdge] = strawberry.field(description="Calls between services, most frequent first.")
