"""Changes of spans, traces, scores and feedback as clients see them."""

from operator import attrgetter
from typing import Any

import strawberry

from spanwell.graphql.basics.nodes import answered_by
from spanwell.observability.questions.removals import Removal, RemovalReason

from .assessments.records import FeedbackType, ScoreType
from .spans import SpanType
from .traces import TraceType

_read = attrgetter("record")


def _record(change: strawberry.Parent[Any]) -> Any:
    record = _read(change)
    return None if isinstance(record, Removal) else record


def _removal(change: strawberry.Parent[Any]) -> Any:
    record = _read(change)
    return record if isinstance(record, Removal) else None


def _trace_id(removal: strawberry.Parent[Removal]) -> strawberry.ID | None:
    return strawberry.ID(removal.trace_id) if removal.trace_id else None


def _span_id(removal: strawberry.Parent[Removal]) -> strawberry.ID | None:
    return strawberry.ID(removal.span_id) if removal.span_id else None


@strawberry.type(name="Removal")
class RemovalType:
    """That a record is no longer in a list: take it out, if it is there.

    It may never have been in it: a deletion is told whether or not the trace met the filter.
    """

    reason: RemovalReason = strawberry.field(description="Why it is no longer there.")
    trace_id: strawberry.ID | None = answered_by(_trace_id, "The trace; null if everything was deleted.")
    span_id: strawberry.ID | None = answered_by(_span_id, "The span; null if it is the whole trace.")


_REMOVED = (
    "What is no longer in the list; null for others. Only where this is selected are removals sent at all. Deletions "
    "are remembered for a week."
)


@strawberry.type
class SpanChange:
    """A span that was stored or changed, or one that is no longer in the list."""

    cursor: str = strawberry.field(description="The place of the change, to be given as `after` to resume behind it.")
    span: SpanType | None = answered_by(_record, "The span, as it is after the change; null if it was removed.")
    removed: RemovalType | None = answered_by(_removal, _REMOVED)


@strawberry.type
class TraceChange:
    """A trace that appeared, or whose root span or rollups changed, or one that is no longer in the list."""

    cursor: str = strawberry.field(description="The place of the change, to be given as `after` to resume behind it.")
    trace: TraceType | None = answered_by(_record, "The trace, as it is after the change; null if it was removed.")
    removed: RemovalType | None = answered_by(_removal, _REMOVED)


@strawberry.type
class ScoreChange:
    """A score that was stored or changed."""

    cursor: str = strawberry.field(description="The place of the change, to be given as `after` to resume behind it.")
    score: ScoreType = answered_by(_record, "The score, as it is after the change.")


@strawberry.type
class FeedbackChange:
    """Feedback that was stored or changed."""

    cursor: str = strawberry.field(description="The place of the change, to be given as `after` to resume behind it.")
    feedback: FeedbackType = answered_by(_record, "The feedback, as it is after the change.")


@strawberry.type
class Changes:
    """The spans that were stored or changed since some place, in the order of their changes."""

    cursor: str = strawberry.field(description="The place of the last of them: give it as `after` the next time.")
    spans: list[SpanType] = strawberry.field(description="The spans, as they are now; each once, at its last change.")
    removed: list[RemovalType] = strawberry.field(
        description="What is no longer in the list since then: take it out before the spans are put in. Deletions are "
        "remembered for a week."
    )
    has_more: bool = strawberry.field(description="Whether more have changed already: ask again at once.")
