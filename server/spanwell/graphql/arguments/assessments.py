"""The filters and orders of scores and feedback."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry
from typing_extensions import override

from spanwell.graphql.basics.derive import UNSET, asked_by
from spanwell.graphql.basics.enums import Level, NullsPlacement, SortDirection
from spanwell.observability.model.assessments import ASSESSMENT_COLUMNS, AssessmentKind
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.questions.conditions import AllOf, Assessed, Condition
from spanwell.observability.questions.ordering import Order, total_order
from spanwell.observability.questions.queries import assessment_identity, newest_assessments

from .logic import ALL, ANY, EVERY, NONE, NOT, SOME, AttributeFilter, Logic, part, quantified
from .operators import filter_type
from .sorting import order_key

if TYPE_CHECKING:
    from .filters import SpanFilter, TraceFilter

_METADATA = "Conditions on the metadata, all of which must hold; their `level` is METADATA."
_SpanFilter: TypeAlias = Annotated["SpanFilter", strawberry.lazy(".filters")]
_TraceFilter: TypeAlias = Annotated["TraceFilter", strawberry.lazy(".filters")]
_SPAN = "The span it is about exists and matches this."
_TRACE = "The trace it is about, or the trace of its span, exists and matches this."


_SCORED = partial(Assessed, AssessmentKind.SCORE)
_GIVEN_FEEDBACK = partial(Assessed, AssessmentKind.FEEDBACK)


class AssessmentLogic(Logic):
    """What the filters of scores and feedback share: of their JSON there is only the metadata to look into."""

    @override
    def to_condition(self, depth: int = 0) -> Condition:
        """Return the condition of the filter. Raises `InvalidInput`, which names the invalid part."""
        asked: list[AttributeFilter] | None = vars(self).get("attributes")
        for index, attribute in enumerate(asked or ()):
            if attribute.level is not Level.METADATA:
                raise InvalidInput("must be METADATA for scores and feedback", f"attributes[{index}].level")
        return super().to_condition(depth)


@strawberry.input
@asked_by(ASSESSMENT_COLUMNS[AssessmentKind.SCORE], filter_type)
class ScoreFilter(AssessmentLogic):
    """Filters scores; all conditions must hold, and `{}` matches every score."""

    and_: list[ScoreFilter] | None = part(ALL, "and")
    or_: list[ScoreFilter] | None = part(ANY, "or")
    not_: ScoreFilter | None = part(NOT, "not")
    attributes: list[AttributeFilter] | None = part(_METADATA)
    span: _SpanFilter | None = part(_SPAN)
    trace: _TraceFilter | None = part(_TRACE)


@strawberry.input
@asked_by(ASSESSMENT_COLUMNS[AssessmentKind.FEEDBACK], filter_type)
class FeedbackFilter(AssessmentLogic):
    """Filters feedback; all conditions must hold, and `{}` matches all feedback."""

    and_: list[FeedbackFilter] | None = part(ALL, "and")
    or_: list[FeedbackFilter] | None = part(ANY, "or")
    not_: FeedbackFilter | None = part(NOT, "not")
    attributes: list[AttributeFilter] | None = part(_METADATA)
    span: _SpanFilter | None = part(_SPAN)
    trace: _TraceFilter | None = part(_TRACE)


@strawberry.input
class ScoreRelationFilter:
    """Filters by the scores of a span, or of a trace and all its spans."""

    some: ScoreFilter | None = part(SOME)
    none: ScoreFilter | None = part(NONE)
    every: ScoreFilter | None = part(EVERY)

    def to_condition(self, _name: str, depth: int) -> Condition:
        """Return the condition of the filter. Raises `InvalidInput`."""
        return AllOf(tuple(quantified(_SCORED, depth, self.some, self.none, self.every)))


@strawberry.input
class FeedbackRelationFilter:
    """Filters by the feedback on a span, or on a trace and all its spans."""

    some: FeedbackFilter | None = part(SOME)
    none: FeedbackFilter | None = part(NONE)
    every: FeedbackFilter | None = part(EVERY)

    def to_condition(self, _name: str, depth: int) -> Condition:
        """Return the condition of the filter. Raises `InvalidInput`."""
        return AllOf(tuple(quantified(_GIVEN_FEEDBACK, depth, self.some, self.none, self.every)))


@strawberry.enum
class AssessmentOrderField(Enum):
    """Fields that scores and feedback can be sorted by."""

    TIMESTAMP = strawberry.enum_value("timestamp", description="When it was recorded.")
    VALUE = strawberry.enum_value("value", description="The numeric value.")
    TEXT_VALUE = strawberry.enum_value("text_value", description="The text value, by Unicode code point.")
    NAME = strawberry.enum_value("name", description="The name of the score or feedback, by Unicode code point.")
    CREATED_AT = strawberry.enum_value("created_at", description="When the server stored it.")
    UPDATED_AT = strawberry.enum_value("updated_at", description="When the server last changed it.")


@strawberry.input
class AssessmentOrder:
    """A sort key for scores or feedback."""

    field: AssessmentOrderField = strawberry.field(description="Field to sort by.")
    direction: SortDirection = strawberry.field(description="Sort direction.", default=SortDirection.DESC)
    nulls: NullsPlacement | None = strawberry.field(
        description="Where to put items without a value. Default: first when descending, last when ascending.",
        default=UNSET,
    )


def to_assessment_order(kind: AssessmentKind, keys: Sequence[AssessmentOrder] | None) -> Order:
    """Return the total order of some sort keys; newest first without keys."""
    return total_order(map(order_key, keys), assessment_identity(kind)) if keys else newest_assessments(kind)


ScoreFilterArgument: TypeAlias = Annotated[
    ScoreFilter | None, strawberry.argument(description="Which scores; default all.")
]
FeedbackFilterArgument: TypeAlias = Annotated[
    FeedbackFilter | None, strawberry.argument(description="Which feedback; default all.")
]
AssessmentOrderArgument: TypeAlias = Annotated[
    list[AssessmentOrder] | None,
    strawberry.argument(description="Sort keys, most significant first; default newest first."),
]
