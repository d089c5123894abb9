"""Figures of scores and feedback as clients see them: rows, each read off the domain's row."""

import strawberry

from spanwell.graphql.basics.nodes import answered_by
from spanwell.graphql.types.statistics import (
    Numbers,
    NumberStats,
    distinct_of,
    figure_value,
    numbers_of,
    rate_of,
)
from spanwell.observability.model.columns import Kind, Nanos
from spanwell.observability.questions.fields import FieldRef
from spanwell.observability.questions.statistics import Basic, Measure, Measured
from spanwell.observability.statistics.answers import StatsRow

_BOOLEAN = FieldRef("boolean_value", Kind.FLAG)


def _value(row: strawberry.Parent[StatsRow]) -> Numbers:
    return Numbers(row, FieldRef("value", Kind.NUMBER))


def _share(row: strawberry.Parent[StatsRow]) -> float | None:
    return row.share


def _true_count(row: strawberry.Parent[StatsRow]) -> int:
    return int(row.value(Measured(_BOOLEAN, Measure.SUM)) or 0)


@strawberry.type(name="AssessmentStatsRow")
class AssessmentStatsRowType:
    """The figures of a group of scores or feedback, of a bucket of time, or of a group in a bucket."""

    keys: list[str | None] = strawberry.field(
        description="A text for each field of `groupBy`; null where it is absent."
    )
    is_other: bool = strawberry.field(description="Whether this is all groups beyond `first` together.")
    bucket_start: Nanos | None = strawberry.field(description="When the bucket begins; null without buckets.")
    count: int = answered_by(figure_value(Basic.COUNT), "How many there are.")
    share: float | None = answered_by(
        _share, "How many of those in all rows of the same bucket they are, from 0 to 1; null of nothing."
    )
    rate: float | None = answered_by(rate_of, "How many there are in a second, as `StatsRow.rate`.")
    trace_count: int = answered_by(figure_value(Basic.TRACE_COUNT), "How many traces they are about.")
    value: NumberStats = answered_by(_value, "Figures of the values that are numbers.")
    boolean_count: int = answered_by(
        figure_value(Measured(_BOOLEAN, Measure.COUNT)), "How many have a value that is true or false."
    )
    true_count: int = answered_by(_true_count, "How many are true.")
    true_share: float | None = answered_by(
        figure_value(Measured(_BOOLEAN, Measure.AVG)), "The share that is true, of those that are true or false."
    )
    numbers: NumberStats = answered_by(numbers_of, "Figures of the numbers in any field, or in the metadata.")
    count_distinct: int = answered_by(
        distinct_of, "How many different values a field has; of a list, each element is a value."
    )
    previous: "AssessmentStatsRowType | None" = strawberry.field(
        description="The same group one period before, in the bucket at the same place; null without `compareTo`."
    )
