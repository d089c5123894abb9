"""Events and links of spans as clients see them."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from spanwell.graphql.basics.nodes import answered_by
from spanwell.graphql.resolvers.relatives import named_span
from spanwell.observability.model.columns import Json, Nanos

if TYPE_CHECKING:
    from .spans import SpanType


@strawberry.type(name="SpanEvent")
class SpanEventType:
    """An event at one moment during a span."""

    name: str | None = strawberry.field(description="Name of the event, such as `exception`.")
    time: Nanos | None = strawberry.field(description="When it happened; null if the event has no readable time.")
    attributes: Json | None = strawberry.field(description="Attributes of the event: an object.")


@strawberry.type(name="SpanLink")
class SpanLinkType:
    """A link to another span, which may be in another trace and need not be stored here."""

    trace_id: strawberry.ID | None = strawberry.field(description="Trace of the linked span.")
    span_id: strawberry.ID | None = strawberry.field(description="Id of the linked span within its trace.")
    trace_state: str | None = strawberry.field(description="The W3C trace state of the linked span.")
    attributes: Json | None = strawberry.field(description="Attributes of the link: an object.")
    span: Annotated["SpanType", strawberry.lazy(".spans")] | None = answered_by(
        named_span, "The linked span; null if it does not exist."
    )
