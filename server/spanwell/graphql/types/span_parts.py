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
    """Something that happened during a span, at one moment."""

    name: str | None = strawberry.field(description="What it is called, such as `exception`.")
    time: Nanos | None = strawberry.field(description="When it happened; null if the event does not say so legibly.")
    attributes: Json | None = strawberry.field(description="Its attributes: an object.")


@strawberry.type(name="SpanLink")
class SpanLinkType:
    """What a span says of another one, which need not be of the same trace, nor stored here."""

    trace_id: strawberry.ID | None = strawberry.field(description="The other span's trace.")
    span_id: strawberry.ID | None = strawberry.field(description="The other span's id within its trace.")
    trace_state: str | None = strawberry.field(description="The W3C trace state of the other span.")
    attributes: Json | None = strawberry.field(description="The link's attributes: an object.")
    span: Annotated["SpanType", strawberry.lazy(".spans")] | None = answered_by(
        named_span, "The other span; null if it is not there."
    )
