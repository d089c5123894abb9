"""Changes of spans, traces, scores and feedback as clients see them."""

from operator import attrgetter
from typing import Any

import strawberry

from spanwell.graphql.basics.nodes import answered_by
from spanwell.observability.questions.removals import AssessmentRemoval, Removal, RemovalReason

from .assessments.records import FeedbackType, ScoreType
from .spans import SpanType
from .traces import TraceType

_read = attrgetter("record")
_REMOVALS = (Removal, AssessmentRemoval)


def _record(change: strawberry.Parent[Any]) -> Any:
    record = _read(change)
    return None if isinstance(record, _REMOVALS) else record


def _removal(change: strawberry.Parent[Any]) -> Any:
    record = _read(change)
    return record if isinstance(record, _REMOVALS) else None


def _trace_id(removal: strawberry.Parent[Removal]) -> strawberry.ID | None:
    return strawberry.ID(removal.trace_id) if removal.trace_id else None


def _record_id(removal: strawberry.Parent[AssessmentRemoval]) -> strawberry.ID | None:
    return strawberry.ID(removal.record_id) if removal.record_id else None


def _span_id(removal: strawberry.Parent[Removal]) -> strawberry.ID | None:
    return strawberry.ID(removal.span_id) if removal.span_id else None


@strawberry.type(name="Removal")
class RemovalType:
    """A record that is no longer in the list: remove it if it is there.

    It may never have been: a deletion is reported whether or not the trace matched the filter.
    """

    reason: RemovalReason = strawberry.field(description="Why it was removed.")
    trace_id: strawberry.ID | None = answered_by(_trace_id, "The removed trace; null if everything was deleted.")
    span_id: strawberry.ID | None = answered_by(_span_id, "The removed span; null if the whole trace was removed.")


@strawberry.type(name="AssessmentRemoval")
class AssessmentRemovalType:
    """A score or feedback that is no longer in the list: remove it if it is there.

    It may never have been: a deletion is reported whether or not the record matched the filter.
    """

    reason: RemovalReason = strawberry.field(description="Why it was removed.")
    record_id: strawberry.ID | None = answered_by(_record_id, "Its id; null if everything was deleted.")


_REMOVED = (
    "The record that left the list; null for other changes. Removals are only sent if this field is selected. "
    "Deletions are remembered for a week."
)


@strawberry.type
class SpanChange:
    """A span that was stored or changed, or that left the list."""

    cursor: str = strawberry.field(description="Cursor of this change; pass it as `after` to resume from here.")
    span: SpanType | None = answered_by(_record, "The span after the change; null if it was removed.")
    removed: RemovalType | None = answered_by(_removal, _REMOVED)


@strawberry.type
class TraceChange:
    """A trace that appeared, whose root span or totals changed, or that left the list."""

    cursor: str = strawberry.field(description="Cursor of this change; pass it as `after` to resume from here.")
    trace: TraceType | None = answered_by(_record, "The trace after the change; null if it was removed.")
    removed: RemovalType | None = answered_by(_removal, _REMOVED)


@strawberry.type
class ScoreChange:
    """A score that was stored or changed, or that left the list."""

    cursor: str = strawberry.field(description="Cursor of this change; pass it as `after` to resume from here.")
    score: ScoreType | None = answered_by(_record, "The score after the change; null if it was removed.")
    removed: AssessmentRemovalType | None = answered_by(_removal, _REMOVED)


@strawberry.type
class FeedbackChange:
    """Feedback that was stored or changed, or that left the list."""

    cursor: str = strawberry.field(description="Cursor of this change; pass it as `after` to resume from here.")
    feedback: FeedbackType | None = answered_by(_record, "The feedback after the change; null if it was removed.")
    removed: AssessmentRemovalType | None = answered_by(_removal, _REMOVED)


@strawberry.type
class Changes:
    """Spans that were stored or changed since a cursor, in the order of their changes."""

    cursor: str = strawberry.field(description="Cursor of the last change: pass it as `after` next time.")
    spans: list[SpanType] = strawberry.field(
        description="The spans in their current state, each listed once, at its last change."
    )
    removed: list[RemovalType] = strawberry.field(
        description="Records that left the list since then: remove them before you add `spans`. Deletions are "
        "remembered for a week."
    )
    has_more: bool = strawberry.field(description="Whether there are more changes already: ask again at once.")
