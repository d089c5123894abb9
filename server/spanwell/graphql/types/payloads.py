"""What mutations answer."""

from typing import Any

import strawberry

from spanwell.graphql.basics.enums import TracingStrategy
from spanwell.graphql.basics.nodes import answered_by
from spanwell.graphql.resolvers.writing.outcomes import Skipped

from .spans import SpanType

_CREATED = "Number of newly stored spans."
_CHANGED = "Number of existing spans that changed; re-sending a batch changes none."
_UPDATED = "Number of updates that were applied to their span."
_SKIPPED = "Invalid elements that were skipped; always empty with `onInvalid: REJECT_BATCH`."
_MISSING = "Updates whose span does not exist; all others were applied."


@strawberry.type
class SpanSkipped:
    """An element of a batch that was skipped (`onInvalid: SKIP`)."""

    index: int = strawberry.field(description="Index of the element in the batch, from 0.")
    trace_id: strawberry.ID | None = strawberry.field(description="The trace id; null if it is missing or invalid.")
    span_id: strawberry.ID | None = strawberry.field(description="The span id; null if it is missing or invalid.")
    reason: str = strawberry.field(description="Why it was skipped.")


def _skipped(done: strawberry.Parent[Any]) -> list[Skipped]:
    return list(getattr(done, "skipped", ()))


@strawberry.type
class BatchCreateSpansPayload:
    """Result of creating a batch of spans, returned once it is durable."""

    created_count: int = strawberry.field(description=_CREATED)
    updated_count: int = strawberry.field(description=_CHANGED)
    skipped: list[SpanSkipped] = answered_by(_skipped, _SKIPPED)


@strawberry.type
class CreateSpanPayload:
    """Result of creating a span, returned once it is durable."""

    span: SpanType | None = strawberry.field(description="The span as it is stored now.")
    created_count: int = strawberry.field(description=_CREATED)
    updated_count: int = strawberry.field(description=_CHANGED)


@strawberry.type
class SpanNotFound:
    """An update whose span does not exist."""

    index: int = strawberry.field(description="Index of the update in the batch, from 0.")
    trace_id: strawberry.ID = strawberry.field(description="The trace id in the update.")
    span_id: strawberry.ID = strawberry.field(description="The span id in the update.")


@strawberry.type
class BatchUpdateSpansPayload:
    """Result of updating a batch of spans, returned once it is durable."""

    updated_count: int = strawberry.field(description=_UPDATED)
    not_found: list[SpanNotFound] = strawberry.field(description=_MISSING)
    skipped: list[SpanSkipped] = answered_by(_skipped, _SKIPPED)


@strawberry.type
class UpdateSpanPayload:
    """Result of updating a span, returned once it is durable."""

    span: SpanType | None = strawberry.field(description="The span as it is stored now; null if it does not exist.")
    updated_count: int = strawberry.field(description=_UPDATED)
    not_found: list[SpanNotFound] = strawberry.field(description=_MISSING)


@strawberry.type
class BatchDeleteTracesPayload:
    """Result of deleting a batch of traces."""

    deleted_trace_count: int = strawberry.field(description="Number of deleted traces.")
    deleted_span_count: int = strawberry.field(description="Number of deleted spans.")


@strawberry.type
class DeleteTracesPayload:
    """What matched the filter, and what was deleted."""

    matched_trace_count: int = strawberry.field(description="Number of traces that match the filter.")
    matched_span_count: int = strawberry.field(description="Number of spans in the matching traces.")
    deleted_trace_count: int = strawberry.field(description="Number of deleted traces; 0 in a dry run.")
    deleted_span_count: int = strawberry.field(description="Number of deleted spans.")
    has_more: bool = strawberry.field(
        description="Whether the request ran out of time before it had checked every trace: call it again."
    )


@strawberry.type
class DangerouslyClearAllPayload:
    """Result of deleting everything."""

    deleted_trace_count: int = strawberry.field(description="Number of deleted traces.")
    deleted_span_count: int = strawberry.field(description="Number of deleted spans.")


@strawberry.type(name="TracingStrategy")
class TracingStrategyType:
    """How tracing clients should send their spans."""

    preferred: TracingStrategy = strawberry.field(description="The cheapest strategy for this server.")
    supported: list[TracingStrategy] = strawberry.field(description="All supported strategies.")
