"""The critical path of a trace as clients see it."""

import strawberry

from spanwell.observability.model.columns import Nanos

from .spans import SpanType


@strawberry.type
class CriticalPathSegment:
    """A period in which the trace was waiting for exactly one span, and none of its descendants."""

    span: SpanType = strawberry.field(description="The span that the trace was waiting for.")
    started_at: Nanos = strawberry.field(description="Start of the segment.")
    ended_at: Nanos = strawberry.field(description="End of the segment, where the next one often starts.")
    duration_ms: float = strawberry.field(description="Length of the segment in milliseconds.")
