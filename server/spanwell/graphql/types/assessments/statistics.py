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
    """Statistics of scores or feedback for one group, one time bucket, or one group in one bucket."""

    keys: list[str | None] = strawberry.field(
        description="The group's value of each `groupBy` key, as text; null if absent."
    )
    is_other: bool = strawberry.field(description="Whether this row sums up all groups beyond `first`.")
    bucket_start: Nanos | None = strawberry.field(description="Start of the time bucket; null without buckets.")
    count: int = answered_by(figure_value(Basic.COUNT), "Number of items.")
    share: float | None = answered_by(
        _share, "Share of all items in the same bucket, from 0 to 1; null if the bucket is empty."
    )
    rate: float | None = answered_by(rate_of, "Items per second; see `StatsRow.rate`.")
    trace_count: int = answered_by(figure_value(Basic.TRACE_COUNT), "Number of traces that they belong to.")
    value: NumberStats = answered_by(_value, "Statistics of the numeric values.")
    boolean_count: int = answered_by(
        figure_value(Measured(_BOOLEAN, Measure.COUNT)), "Number of items with a boolean value."
    )
    true_count: int = answered_by(_true_count, "Number of items whose value is true.")
    true_share: float | None = answered_by(
        figure_value(Measured(_BOOLEAN, Measure.AVG)), "Share of boolean values that are true."
    )
    numbers: NumberStats = answered_by(numbers_of, "Statistics of the numbers in any numeric field or metadata key.")
    count_distinct: int = answered_by(
        distinct_of, "Number of distinct values of a field; each element of a list counts as a value."
    )
    previous: "AssessmentStatsRowType | None" = strawberry.field(
        description="The same group in the preceding period, in the bucket at the same position; null without "
        "`compareTo`."
    )
