"""The filters of spans and traces, and the conditions they mean."""

from __future__ import annotations

from functools import partial
from typing import Any

import strawberry

from spanwell.graphql.basics.derive import asked_by
from spanwell.observability.model.columns import ColumnDef
from spanwell.observability.model.span import SPAN_COLUMNS
from spanwell.observability.model.trace import TRACE_COLUMNS
from spanwell.observability.questions.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Condition,
    CountSpans,
    HasSpan,
    Op,
    Related,
    Relation,
)

from .assessments import FeedbackRelationFilter, ScoreRelationFilter
from .logic import ALL, ANY, NONE, NOT, SOME, AttributeFilter, Logic, condition_of, given, part, quantified, within
from .operators import IntFilter, filter_type

_NEVER = AnyOf()


@strawberry.input
class RelatedFilter:
    """Asks about the spans that stand in some relation to a span."""

    some: SpanFilter | None = part(SOME)
    none: SpanFilter | None = part(NONE)

    def to_condition(self, relation: str, depth: int) -> Condition:
        """Return what the filter means. Raises `InvalidInput`."""
        return AllOf(tuple(quantified(partial(Related, Relation(relation)), depth, self.some, self.none)))


SPAN_ASKED = tuple(column for column in SPAN_COLUMNS if column.name != "attributes")


@strawberry.input
@asked_by(SPAN_ASKED, filter_type)
class SpanFilter(Logic):
    """Asks about a span; everything given must hold, and `{}` is true of every span.

    What is absent meets no comparison, and so meets the negation of each.
    """

    and_: list[SpanFilter] | None = part(ALL, "and")
    or_: list[SpanFilter] | None = part(ANY, "or")
    not_: SpanFilter | None = part(NOT, "not")
    attributes: list[AttributeFilter] | None = part("All of these hold of the span's attributes.")
    search: str | None = part(
        "This text, in upper or lower case, is somewhere where people read: in the name, the status message, a tag, "
        "the input, the output, the error or the metadata, or at any depth in a value, text or number, of the "
        "attributes or events. It does not matter how JSON escapes it."
    )
    parent: RelatedFilter | None = part("About the span's parent.")
    ancestor: RelatedFilter | None = part("About the spans above the span: its parent, its parent's parent, ...")
    child: RelatedFilter | None = part("About the span's children.")
    descendant: RelatedFilter | None = part("About the spans below the span: its children, their children, ...")
    sibling: RelatedFilter | None = part("About the other spans that name the same parent.")
    scores: ScoreRelationFilter | None = part("About the scores of the span.")
    feedback: FeedbackRelationFilter | None = part("About the feedback on the span.")


@strawberry.input
class SpanCountFilter:
    """Asks how many spans of a trace meet a filter."""

    where: SpanFilter | None = part("Which spans are counted; all if left out.")
    is_: IntFilter = strawberry.field(name="is", description="How many they are, such as `{gte: 2}`.")

    def to_condition(self, depth: int) -> Condition:
        """Return what the filter means. Raises `InvalidInput`."""
        where = within("where", partial(condition_of, self.where if given(self.where) else None, depth))
        return AllOf(tuple(self.is_.apply(partial(_count, where))))


def _count(where: Condition, op: Op, value: Any) -> Condition:
    if op is Op.IS_NULL:
        return _NEVER if value else ALWAYS
    return CountSpans(where, op, value)


@strawberry.input
class TraceSpansFilter:
    """Asks about the spans of a trace."""

    some: SpanFilter | None = part("At least one span meets this.")
    none: SpanFilter | None = part("No span meets this.")
    every: SpanFilter | None = part("Every span meets this.")
    count: SpanCountFilter | None = part("So many spans meet a filter.")

    def to_condition(self, _name: str, depth: int) -> Condition:
        """Return what the filter means. Raises `InvalidInput`."""
        parts = list(quantified(HasSpan, depth, self.some, self.none, self.every))
        if self.count is not None and given(self.count):
            parts.append(within("count", partial(self.count.to_condition, depth)))
        return AllOf(tuple(parts))


_TRACE_NAMES = {column.name for column in TRACE_COLUMNS}
_TRACE_ASKED: tuple[ColumnDef, ...] = (*TRACE_COLUMNS, *(c for c in SPAN_ASKED if c.name not in _TRACE_NAMES))


@strawberry.input
@asked_by(_TRACE_ASKED, filter_type)
class TraceFilter(Logic):
    """Asks about a trace; everything given must hold.

    The trace's own fields (`startedAt endedAt durationMs status spanCount errorCount hasError services` ...) speak of
    the whole trace, all others of its root span or, while that has not arrived, of its earliest span.
    """

    and_: list[TraceFilter] | None = part(ALL, "and")
    or_: list[TraceFilter] | None = part(ANY, "or")
    not_: TraceFilter | None = part(NOT, "not")
    attributes: list[AttributeFilter] | None = part("All of these hold of the root span's attributes.")
    search: str | None = part("As of spans, of the root span. To search all spans: `spans: {some: {search: ...}}`.")
    spans: TraceSpansFilter | None = part("About the spans of the trace.")
    scores: ScoreRelationFilter | None = part("About the scores of the trace and of all its spans.")
    feedback: FeedbackRelationFilter | None = part("About the feedback on the trace and on all its spans.")
