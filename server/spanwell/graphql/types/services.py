"""Services and their calls as clients see them."""

import strawberry

from spanwell.graphql.basics.nodes import answered_by
from spanwell.observability.model.columns import Nanos
from spanwell.observability.questions.services import Edge

_ERROR_RATE = "The share of them that has status ERROR, from 0 to 1"
_EXACT = "exact, between two values in proportion; null while none has ended"


@strawberry.type
class ServiceSummary:
    """What the spans of a service come to."""

    name: str = strawberry.field(description="The service's name.")
    span_count: int = strawberry.field(description="How many spans it has.")
    trace_count: int = strawberry.field(description="In how many traces it takes part.")
    error_rate: float = strawberry.field(description=f"{_ERROR_RATE}.")
    p50: float | None = strawberry.field(description=f"The median of their durations in milliseconds: {_EXACT}.")
    p95: float | None = strawberry.field(description=f"The 95th percentile of their durations in ms: {_EXACT}.")
    last_seen_at: Nanos = strawberry.field(description="When the newest of them began.")


@strawberry.type
class ServiceNode:
    """A service in the graph of calls."""

    name: str = strawberry.field(description="The service's name.")
    span_count: int = strawberry.field(description="How many of the spans are its own; 0 if it only calls others.")
    error_rate: float | None = strawberry.field(description=f"{_ERROR_RATE}; null if it has none.")
    p95: float | None = strawberry.field(description=f"The 95th percentile of their durations in ms: {_EXACT}.")


def _caller(edge: strawberry.Parent[Edge]) -> str:
    return edge.caller


def _called(edge: strawberry.Parent[Edge]) -> str:
    return edge.called


@strawberry.type
class ServiceEdge:
    """The calls from one service to another."""

    from_: str = strawberry.field(
        resolver=_caller, name="from", description="The service that calls: that of the parent span."
    )
    to: str = answered_by(_called, "The service that is called: that of the child span.")
    call_count: int = strawberry.field(description="How many calls there are.")
    error_rate: float = strawberry.field(description="The share of the called spans that has status ERROR, 0 to 1.")
    p95: float | None = strawberry.field(description=f"The 95th percentile of the called spans' durations: {_EXACT}.")


@strawberry.type(name="ServiceGraph")
class ServiceGraphType:
    """Who calls whom."""

    nodes: list[ServiceNode] = strawberry.field(description="The services, the busiest first.")
    edges: list[ServiceEdge] = strawberry.field(description="The calls between them, the most frequent first.")
