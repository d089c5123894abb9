"""Spans as clients see them. The types read the domain's records; none copies one."""

import strawberry

from server.observability.identifiers import global_id
from server.observability.span import SPAN_COLUMNS, Span

from .connections import Connected, PageInfo
from .derive import read_from
from .nodes import Node, answered_by


def _id(span: strawberry.Parent[Span]) -> str:
    return global_id("Span", span.trace_id, span.span_id)


async def _total(connection: strawberry.Parent[Connected[Span]]) -> int:
    return await connection.count()


@strawberry.type(name="Span", description="One timed operation of a trace.")
@read_from(SPAN_COLUMNS)
class SpanType(Node):
    """One timed operation of a trace."""

    id: strawberry.ID = answered_by(_id, "The span's global id, made of `traceId` and `spanId`.")

    @classmethod
    def is_type_of(cls, record: object, _: object) -> bool:
        """Return whether a record is a span."""
        return isinstance(record, Span)


@strawberry.type(description="A span and its place in the list.")
class SpanEdge:
    """A span and its place in the list."""

    cursor: str = strawberry.field(description="The span's place in the list, to be given as `after` or `before`.")
    node: SpanType = strawberry.field(description="The span.")


@strawberry.type(description="A page of a list of spans.")
class SpanConnection:
    """A page of a list of spans."""

    edges: list[SpanEdge] = strawberry.field(description="The spans with their places.")
    nodes: list[SpanType] = strawberry.field(description="The spans.")
    page_info: PageInfo = strawberry.field(description="Where the page lies in the list.")
    total_count: int = answered_by(_total, "How many there are in all, exactly; counted only when it is selected.")
