"""What mutations answer."""

from dataclasses import dataclass

import strawberry

from server.observability.batches import Created
from server.observability.span import Span

from .enums import TracingStrategy
from .spans import SpanType


@dataclass(frozen=True)
class MissingSpan:
    """An update that did not find its span."""

    index: int
    trace_id: str
    span_id: str


@dataclass(frozen=True)
class UpdatesDone:
    """What became of a batch of updates."""

    updated_count: int
    not_found: list[MissingSpan]


@dataclass(frozen=True)
class SpanCreated:
    """A span that was created, as it is stored now."""

    span: Span | None
    done: Created

    @property
    def created_count(self) -> int:
        """1 if the span is new."""
        return self.done.created_count

    @property
    def updated_count(self) -> int:
        """1 if it changed a stored span."""
        return self.done.updated_count


@dataclass(frozen=True)
class SpanUpdated:
    """A span that was updated, as it is stored now."""

    span: Span | None
    done: UpdatesDone

    @property
    def updated_count(self) -> int:
        """1 if the span was found."""
        return self.done.updated_count

    @property
    def not_found(self) -> list[MissingSpan]:
        """The update, if its span was not found."""
        return self.done.not_found


_CREATED = "How many spans are new."
_CHANGED = "How many stored spans were changed by it; sending a batch again changes none."
_UPDATED = "How many updates found their span."
_MISSING = "The updates whose span is not there; all others were applied."


@strawberry.type(description="What a batch of creates did. It is durable.")
class BatchCreateSpansPayload:
    """What a batch of creates did."""

    created_count: int = strawberry.field(description=_CREATED)
    updated_count: int = strawberry.field(description=_CHANGED)


@strawberry.type(description="What a create did. It is durable.")
class CreateSpanPayload:
    """What a create did."""

    span: SpanType | None = strawberry.field(description="The span as it is stored now.")
    created_count: int = strawberry.field(description=_CREATED)
    updated_count: int = strawberry.field(description=_CHANGED)


@strawberry.type(description="An update whose span is not there.")
class SpanNotFound:
    """An update whose span is not there."""

    index: int = strawberry.field(description="The update's place in the batch, from 0.")
    trace_id: strawberry.ID = strawberry.field(description="The trace id that the update names.")
    span_id: strawberry.ID = strawberry.field(description="The span id that the update names.")


@strawberry.type(description="What a batch of updates did. It is durable.")
class BatchUpdateSpansPayload:
    """What a batch of updates did."""

    updated_count: int = strawberry.field(description=_UPDATED)
    not_found: list[SpanNotFound] = strawberry.field(description=_MISSING)


@strawberry.type(description="What an update did. It is durable.")
class UpdateSpanPayload:
    """What an update did."""

    span: SpanType | None = strawberry.field(description="The span as it is stored now; null if it is not there.")
    updated_count: int = strawberry.field(description=_UPDATED)
    not_found: list[SpanNotFound] = strawberry.field(description=_MISSING)


@strawberry.type(description="What was deleted.")
class BatchDeleteTracesPayload:
    """What was deleted."""

    deleted_trace_count: int = strawberry.field(description="How many traces.")
    deleted_span_count: int = strawberry.field(description="How many spans.")


@strawberry.type(description="What was deleted: everything.")
class DangerouslyClearAllPayload:
    """What was deleted."""

    deleted_trace_count: int = strawberry.field(description="How many traces.")
    deleted_span_count: int = strawberry.field(description="How many spans.")


@strawberry.type(name="TracingStrategy", description="How tracing clients should send their spans.")
class TracingStrategyType:
    """How tracing clients should send their spans."""

    preferred: TracingStrategy = strawberry.field(description="The one that is cheapest here.")
    supported: list[TracingStrategy] = strawberry.field(description="All that work.")
