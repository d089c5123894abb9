"""What mutations answer."""

from typing import Any

import strawberry

from spanwell.graphql.basics.enums import TracingStrategy
from spanwell.graphql.basics.nodes import answered_by
from spanwell.graphql.resolvers.writing.outcomes import Skipped

from .spans import SpanType

_CREATED = "How many spans are new."
_CHANGED = "How many stored spans were changed by it; sending a batch again changes none."
_UPDATED = "How many updates found their span."
_SKIPPED = "What was left out since something was wrong with it; with `onInvalid: REJECT_BATCH` there is none."
_MISSING = "The updates whose span is not there; all others were applied."


@strawberry.type
class SpanSkipped:
    """An element of a batch that was left out, for `onInvalid: SKIP`."""

    index: int = strawberry.field(description="Its place in the batch, from 0.")
    trace_id: strawberry.ID | None = strawberry.field(description="The trace id that it names, if it can be read.")
    span_id: strawberry.ID | None = strawberry.field(description="The span id that it names, if it can be read.")
    reason: str = strawberry.field(description="What is wrong with it.")


def _skipped(done: strawberry.Parent[Any]) -> list[Skipped]:
    return list(getattr(done, "skipped", ()))


@strawberry.type
class BatchCreateSpansPayload:
    """What a batch of creates did. It is durable."""

    created_count: int = strawberry.field(description=_CREATED)
    updated_count: int = strawberry.field(description=_CHANGED)
    skipped: list[SpanSkipped] = answered_by(_skipped, _SKIPPED)


@strawberry.type
class CreateSpanPayload:
    """What a create did. It is durable."""

    span: SpanType | None = strawberry.field(description="The span as it is stored now.")
    created_count: int = strawberry.field(description=_CREATED)
    updated_count: int = strawberry.field(description=_CHANGED)


@strawberry.type
class SpanNotFound:
    """An update whose span is not there."""

    index: int = strawberry.field(description="The update's place in the batch, from 0.")
    trace_id: strawberry.ID = strawberry.field(description="The trace id that the update names.")
    span_id: strawberry.ID = strawberry.field(description="The span id that the update names.")


@strawberry.type
class BatchUpdateSpansPayload:
    """What a batch of updates did. It is durable."""

    updated_count: int = strawberry.field(description=_UPDATED)
    not_found: list[SpanNotFound] = strawberry.field(description=_MISSING)
    skipped: list[SpanSkipped] = answered_by(_skipped, _SKIPPED)


@strawberry.type
class UpdateSpanPayload:
    """What an update did. It is durable."""

    span: SpanType | None = strawberry.field(description="The span as it is stored now; null if it is not there.")
    updated_count: int = strawberry.field(description=_UPDATED)
    not_found: list[SpanNotFound] = strawberry.field(description=_MISSING)


@strawberry.type
class BatchDeleteTracesPayload:
    """What was deleted."""

    deleted_trace_count: int = strawberry.field(description="How many traces.")
    deleted_span_count: int = strawberry.field(description="How many spans.")


@strawberry.type
class DeleteTracesPayload:
    """What was found, and what of it was deleted."""

    matched_trace_count: int = strawberry.field(description="How many traces met the filter.")
    matched_span_count: int = strawberry.field(description="How many spans they had.")
    deleted_trace_count: int = strawberry.field(description="How many traces were deleted; none in a dry run.")
    deleted_span_count: int = strawberry.field(description="How many spans were deleted with them.")
    has_more: bool = strawberry.field(
        description="Whether the time of a request was over before everything had been looked at: call it again."
    )


@strawberry.type
class DangerouslyClearAllPayload:
    """What was deleted: everything."""

    deleted_trace_count: int = strawberry.field(description="How many traces.")
    deleted_span_count: int = strawberry.field(description="How many spans.")


@strawberry.type(name="TracingStrategy")
class TracingStrategyType:
    """How tracing clients should send their spans."""

    preferred: TracingStrategy = strawberry.field(description="The one that is cheapest here.")
    supported: list[TracingStrategy] = strawberry.field(description="All that work.")
