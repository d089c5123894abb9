"""The filters and orders of scores and feedback."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import strawberry
from typing_extensions import override

from spanwell.graphql.basics.derive import UNSET, asked_by
from spanwell.graphql.basics.enums import Level, NullsPlacement, SortDirection
from spanwell.observability.model.assessments import ASSESSMENT_COLUMNS, AssessmentKind
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.questions.conditions import About, AllOf, Assessed, Condition
from spanwell.observability.questions.ordering import Order, total_order
from spanwell.observability.questions.queries import assessment_identity, newest_assessments

from .logic import ALL, ANY, EVERY, NONE, NOT, SOME, AttributeFilter, Logic, part, quantified, within
from .operators import filter_type
from .sorting import order_key

if TYPE_CHECKING:
    from .filters import SpanFilter, TraceFilter

_METADATA = "All of these hold of the metadata: their `level` is METADATA."
_SpanFilter: TypeAlias = Annotated["SpanFilter", strawberry.lazy(".filters")]
_TraceFilter: TypeAlias = Annotated["TraceFilter", strawberry.lazy(".filters")]
_SPAN = "The span that it is about is there, and meets this."
_TRACE = "The trace that it is about, or whose span, is there, and meets this."


_SCORED = partial(Assessed, AssessmentKind.SCORE)
_GIVEN_FEEDBACK = partial(Assessed, AssessmentKind.FEEDBACK)


class AssessmentLogic(Logic):
    """What the filters of scores and feedback share: of their JSON there is only the metadata to look into."""

    @override
    def to_condition(self, depth: int = 0) -> Condition:
        """Return what the filter means. Raises `InvalidInput` naming the part at fault."""
        asked: list[AttributeFilter] | None = vars(self).get("attributes")
        for index, attribute in enumerate(asked or ()):
            if attribute.level is not Level.METADATA:
                raise InvalidInput("must be METADATA: scores and feedback have no other", f"attributes[{index}].level")
        return super().to_condition(depth)

    @override
    def _part(self, name: str, value: Any, depth: int) -> Iterator[Condition]:
        if name == "span":
            yield About("span", within("span", partial(value.to_condition, depth)))
        elif name == "trace":
            yield About("trace", within("trace", partial(value.to_condition, depth)))
        else:
            yield from super()._part(name, value, depth)


@strawberry.input
@asked_by(ASSESSMENT_COLUMNS[AssessmentKind.SCORE], filter_type)
class ScoreFilter(AssessmentLogic):
    """Asks about a score; everything given must hold, and `{}` is true of every score."""

    and_: list[ScoreFilter] | None = part(ALL, "and")
    or_: list[ScoreFilter] | None = part(ANY, "or")
    not_: ScoreFilter | None = part(NOT, "not")
    attributes: list[AttributeFilter] | None = part(_METADATA)
    span: _SpanFilter | None = part(_SPAN)
    trace: _TraceFilter | None = part(_TRACE)


@strawberry.input
@asked_by(ASSESSMENT_COLUMNS[AssessmentKind.FEEDBACK], filter_type)
class FeedbackFilter(AssessmentLogic):
    """Asks about feedback; everything given must hold, and `{}` is true of all feedback."""

    and_: list[FeedbackFilter] | None = part(ALL, "and")
    or_: list[FeedbackFilter] | None = part(ANY, "or")
    not_: FeedbackFilter | None = part(NOT, "not")
    attributes: list[AttributeFilter] | None = part(_METADATA)
    span: _SpanFilter | None = part(_SPAN)
    trace: _TraceFilter | None = part(_TRACE)


@strawberry.input
class ScoreRelationFilter:
    """Asks about the scores of a span, or of a trace and all its spans."""

    some: ScoreFilter | None = part(SOME)
    none: ScoreFilter | None = part(NONE)
    every: ScoreFilter | None = part(EVERY)

    def to_condition(self, _name: str, depth: int) -> Condition:
        """Return what the filter means. Raises `InvalidInput`."""
        return AllOf(tuple(quantified(_SCORED, depth, self.some, self.none, self.every)))


@strawberry.input
class FeedbackRelationFilter:
    """Asks about the feedback on a span, or on a trace and all its spans."""

    some: FeedbackFilter | None = part(SOME)
    none: FeedbackFilter | None = part(NONE)
    every: FeedbackFilter | None = part(EVERY)

    def to_condition(self, _name: str, depth: int) -> Condition:
        """Return what the filter means. Raises `InvalidInput`."""
        return AllOf(tuple(quantified(_GIVEN_FEEDBACK, depth, self.some, self.none, self.every)))


@strawberry.enum
class AssessmentOrderField(Enum):
    """What scores and feedback can be sorted by."""

    TIMESTAMP = strawberry.enum_value("timestamp", description="When it was made.")
    VALUE = strawberry.enum_value("value", description="The number.")
    TEXT_VALUE = strawberry.enum_value("text_value", description="The text, by Unicode code points.")
    NAME = strawberry.enum_value("name", description="What is assessed, by Unicode code points.")
    CREATED_AT = strawberry.enum_value("created_at", description="When the server stored it.")
    UPDATED_AT = strawberry.enum_value("updated_at", description="When the server last changed it.")


@strawberry.input
class AssessmentOrder:
    """One key to sort scores or feedback by."""

    field: AssessmentOrderField = strawberry.field(description="What to sort by.")
    direction: SortDirection = strawberry.field(description="Which way.", default=SortDirection.DESC)
    nulls: NullsPlacement | None = strawberry.field(
        description="Where what has no value goes. If left out: first when descending, else last.", default=UNSET
    )


def to_assessment_order(kind: AssessmentKind, keys: Sequence[AssessmentOrder] | None) -> Order:
    """Return the total order that some keys ask for; the newest first if there are none."""
    return total_order(map(order_key, keys), assessment_identity(kind)) if keys else newest_assessments(kind)


ScoreFilterArgument: TypeAlias = Annotated[
    ScoreFilter | None, strawberry.argument(description="Which scores; all if left out.")
]
FeedbackFilterArgument: TypeAlias = Annotated[
    FeedbackFilter | None, strawberry.argument(description="Which feedback; all if left out.")
]
AssessmentOrderArgument: TypeAlias = Annotated[
    list[AssessmentOrder] | None,
    strawberry.argument(description="What to sort by, the most important key first; newest if left out."),
]
