"""The critical path of a trace as clients see it."""

import strawberry

from spanwell.observability.model.columns import Nanos

from .spans import SpanType


@strawberry.type
class CriticalPathSegment:
    """A stretch of time in which the trace waited for one span, and for none below it."""

    span: SpanType = strawberry.field(description="The span that was waited for.")
    started_at: Nanos = strawberry.field(description="When the stretch begins.")
    ended_at: Nanos = strawberry.field(description="When it ends; the next one often begins at that moment.")
    duration_ms: float = strawberry.field(description="How long it is, in milliseconds.")
