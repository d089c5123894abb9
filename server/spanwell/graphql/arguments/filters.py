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
from .logic import ALL, ANY, NONE, NOT, SOME, AttributeFilter, Logic, condition_of, part, present, quantified, within
from .operators import IntFilter, filter_type

_NEVER = AnyOf()


@strawberry.input
class RelatedFilter:
    """Filters by spans that are related to a span."""

    some: SpanFilter | None = part(SOME)
    none: SpanFilter | None = part(NONE)

    def to_condition(self, relation: str, depth: int) -> Condition:
        """Return the condition of the filter. Raises `InvalidInput`."""
        return AllOf(tuple(quantified(partial(Related, Relation(relation)), depth, self.some, self.none)))


SPAN_ASKED = tuple(column for column in SPAN_COLUMNS if column.name != "attributes")


@strawberry.input
@asked_by(SPAN_ASKED, filter_type)
class SpanFilter(Logic):
    """Filters spans; all conditions must hold, and `{}` matches every span.

    Absent values match no comparison, and therefore match every negated one.
    """

    and_: list[SpanFilter] | None = part(ALL, "and")
    or_: list[SpanFilter] | None = part(ANY, "or")
    not_: SpanFilter | None = part(NOT, "not")
    attributes: list[AttributeFilter] | None = part("Conditions on the span's attributes, all of which must hold.")
    search: str | None = part(
        "Full-text search, ignoring case, in the name, status message, tags, input, output, error, metadata, and the "
        "attribute and event values at any depth. JSON escapes do not matter."
    )
    parent: RelatedFilter | None = part("Filters by the span's parent.")
    ancestor: RelatedFilter | None = part(
        "Filters by the spans above the span: its parent, its parent's parent, and so on."
    )
    child: RelatedFilter | None = part("Filters by the span's children.")
    descendant: RelatedFilter | None = part(
        "Filters by the spans below the span: its children, their children, and so on."
    )
    sibling: RelatedFilter | None = part("Filters by the other spans with the same parent.")
    trace: TraceFilter | None = part("The span's trace matches this.")
    agent: SpanFilter | None = part(
        "The span's agent matches this: the nearest span, from itself upwards, whose type is `agent_run` or whose "
        "`entityType` is `agent`."
    )
    scores: ScoreRelationFilter | None = part("Filters by the scores of the span.")
    feedback: FeedbackRelationFilter | None = part("Filters by the feedback on the span.")


@strawberry.input
class SpanCountFilter:
    """Conditions on how many spans of a trace match a filter."""

    where: SpanFilter | None = part("Which spans to count; default all.")
    is_: IntFilter = strawberry.field(name="is", description="The condition on the count, such as `{gte: 2}`.")

    def to_condition(self, depth: int) -> Condition:
        """Return the condition of the filter. Raises `InvalidInput`."""
        where = within("where", partial(condition_of, self.where if present(self.where) else None, depth))
        return AllOf(tuple(self.is_.apply(partial(_count, where))))


def _count(where: Condition, op: Op, value: Any) -> Condition:
    if op is Op.IS_NULL:
        return _NEVER if value else ALWAYS
    return CountSpans(where, op, value)


@strawberry.input
class TraceSpansFilter:
    """Filters by the spans of a trace."""

    some: SpanFilter | None = part("At least one span matches this.")
    none: SpanFilter | None = part("No span matches this.")
    every: SpanFilter | None = part("Every span matches this.")
    count: SpanCountFilter | None = part("The number of spans that match a filter.")

    def to_condition(self, _name: str, depth: int) -> Condition:
        """Return the condition of the filter. Raises `InvalidInput`."""
        parts = list(quantified(HasSpan, depth, self.some, self.none, self.every))
        if self.count is not None and present(self.count):
            parts.append(within("count", partial(self.count.to_condition, depth)))
        return AllOf(tuple(parts))


_TRACE_NAMES = {column.name for column in TRACE_COLUMNS}
TRACE_ASKED: tuple[ColumnDef, ...] = (*TRACE_COLUMNS, *(c for c in SPAN_ASKED if c.name not in _TRACE_NAMES))


@strawberry.input
@asked_by(TRACE_ASKED, filter_type)
class TraceFilter(Logic):
    """Filters traces; all conditions must hold.

    The trace's own fields (`startedAt endedAt durationMs status spanCount errorCount hasError services` ...) refer to
    the whole trace, all others to its root span or, until that has arrived, to its earliest span.
    """

    and_: list[TraceFilter] | None = part(ALL, "and")
    or_: list[TraceFilter] | None = part(ANY, "or")
    not_: TraceFilter | None = part(NOT, "not")
    attributes: list[AttributeFilter] | None = part("Conditions on the root span's attributes, all of which must hold.")
    search: str | None = part(
        "Full-text search in the root span, as in `SpanFilter`. To search all spans: `spans: {some: {search: ...}}`."
    )
    spans: TraceSpansFilter | None = part("Filters by the spans of the trace.")
    scores: ScoreRelationFilter | None = part("Filters by the scores of the trace and all its spans.")
    feedback: FeedbackRelationFilter | None = part("Filters by the feedback on the trace and all its spans.")
