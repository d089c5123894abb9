"""Statistics as clients see them: rows of figures, each read off the domain's row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry

from spanwell.graphql.basics.enums import Level
from spanwell.graphql.basics.nodes import answered_by
from spanwell.observability.model.columns import Nanos
from spanwell.observability.questions.fields import FieldRef
from spanwell.observability.questions.statistics import (
    LOG2,
    Basic,
    Distinct,
    Figure,
    Histogram,
    Measure,
    Measured,
    Quantile,
)
from spanwell.observability.statistics.answers import StatsRow
from spanwell.observability.statistics.histograms import Bin

Bounds = Annotated[
    list[float] | None,
    strawberry.argument(
        description="Upper bounds of the bins in milliseconds, in ascending order; at most 100. Default: powers of "
        "two, from the first non-empty bin of all rows to the last."
    ),
]
Share = Annotated[float, strawberry.argument(description="The quantile, from 0 to 1, such as 0.999.")]


def figure_value(figure: Figure) -> Callable[[StatsRow], Any]:
    """Return the function that reads a figure from a row."""

    def value(row: strawberry.Parent[StatsRow]) -> Any:
        return row.value(figure)

    return value


def _as_number(figure: Figure) -> Callable[[StatsRow], Any]:
    def value(row: strawberry.Parent[StatsRow]) -> Any:
        found = row.value(figure)
        return None if found is None else float(found)

    return value


def _quantile(row: strawberry.Parent[StatsRow], q: Share) -> float | None:
    found: float | None = row.value(Quantile(q))
    return found


def _histogram(row: strawberry.Parent[StatsRow], bounds: Bounds = None) -> list[Bin]:
    found: list[Bin] = row.value(Histogram(LOG2 if bounds is None else tuple(bounds)))
    return found


def _itself(row: strawberry.Parent[StatsRow]) -> StatsRow:
    return row


def rate_of(row: strawberry.Parent[StatsRow]) -> float | None:
    """Return how many there are in a second."""
    return row.rate


def _start(one: strawberry.Parent[Bin]) -> float:
    return one.start


def _end(one: strawberry.Parent[Bin]) -> float | None:
    return one.end


@strawberry.type
class HistogramBin:
    """A bin of a histogram of durations."""

    from_: float = strawberry.field(
        resolver=_start,
        name="from",
        description="Lower bound in milliseconds, exclusive; 0 for the first bin.",
    )
    to: float | None = answered_by(_end, "Upper bound in milliseconds, inclusive; null for the last, open bin.")
    count: int = strawberry.field(description="Number of items.")


@strawberry.type
class DurationStats:
    """Statistics of the durations of ended spans or traces, in milliseconds. Quantiles are exact and interpolated."""

    avg: float | None = answered_by(figure_value(Basic.DURATION_AVG), "The mean.")
    min: float | None = answered_by(figure_value(Basic.DURATION_MIN), "The shortest duration.")
    max: float | None = answered_by(figure_value(Basic.DURATION_MAX), "The longest duration.")
    p50: float | None = answered_by(figure_value(Quantile(0.5)), "The median.")
    p90: float | None = answered_by(figure_value(Quantile(0.9)), "The 90th percentile.")
    p95: float | None = answered_by(figure_value(Quantile(0.95)), "The 95th percentile.")
    p99: float | None = answered_by(figure_value(Quantile(0.99)), "The 99th percentile.")
    quantile: float | None = answered_by(_quantile, "Any quantile.")


Field = Annotated[
    str,
    strawberry.argument(
        description="Name of the field, such as `totalTokens`; with a `level`, an attribute key as in "
        "`AttributeFilter`."
    ),
]
FieldLevel = Annotated[
    Level | None, strawberry.argument(description="Where the attribute is; omit it for a field of the record.")
]
Coerce = Annotated[
    bool, strawberry.argument(description="Whether text in the attribute that is written like a number counts as one.")
]
NumberBounds = Annotated[
    list[float], strawberry.argument(description="Upper bounds of the bins, in ascending order; at most 100.")
]


@dataclass(frozen=True)
class Numbers:
    """The figures of the numbers in a field, of a row."""

    row: StatsRow
    field: FieldRef

    def value(self, measure: Measure | Quantile | Histogram) -> Any:
        """Return the value of a measure."""
        return self.row.value(Measured(self.field, measure))


def _measured(measure: Measure | Quantile) -> Callable[[Numbers], Any]:
    def value(numbers: strawberry.Parent[Numbers]) -> Any:
        return numbers.value(measure)

    return value


def _measured_quantile(numbers: strawberry.Parent[Numbers], q: Share) -> float | None:
    found: float | None = numbers.value(Quantile(q))
    return found


def _measured_histogram(numbers: strawberry.Parent[Numbers], bounds: NumberBounds) -> "list[NumberBin]":
    counts: tuple[int, ...] = numbers.value(Histogram(tuple(bounds))) or (0,) * (len(bounds) + 1)
    starts, ends = [None, *bounds], [*bounds, None]
    return [NumberBin(from_=start, to=end, count=n) for start, end, n in zip(starts, ends, counts, strict=True)]


@strawberry.type
class NumberBin:
    """A bin of a histogram of numbers."""

    from_: float | None = strawberry.field(name="from", description="Lower bound, exclusive; null for the first bin.")
    to: float | None = strawberry.field(description="Upper bound, inclusive; null for the last bin.")
    count: int = strawberry.field(description="Number of items.")


@strawberry.type
class NumberStats:
    """Statistics of the numbers in a field; other values are ignored. Quantiles are exact and interpolated."""

    count: int = answered_by(_measured(Measure.COUNT), "Number of numeric values.")
    sum: float | None = answered_by(_measured(Measure.SUM), "The sum; null if there are no numbers.")
    avg: float | None = answered_by(_measured(Measure.AVG), "The mean; null if there are no numbers.")
    min: float | None = answered_by(_measured(Measure.MIN), "The smallest value.")
    max: float | None = answered_by(_measured(Measure.MAX), "The largest value.")
    p50: float | None = answered_by(_measured(Quantile(0.5)), "The median.")
    p90: float | None = answered_by(_measured(Quantile(0.9)), "The 90th percentile.")
    p95: float | None = answered_by(_measured(Quantile(0.95)), "The 95th percentile.")
    p99: float | None = answered_by(_measured(Quantile(0.99)), "The 99th percentile.")
    quantile: float | None = answered_by(_measured_quantile, "Any quantile.")
    histogram: list[NumberBin] = answered_by(_measured_histogram, "Number of values in each bin.")


def numbers_of(
    row: strawberry.Parent[StatsRow],
    field: Field,
    level: FieldLevel = None,
    coerce: Coerce = False,  # noqa: FBT002 - an argument of the field
) -> Numbers:
    """Return the figures of the numbers in a field."""
    return Numbers(row, row.known(field, level).numeric(lenient=coerce))


def distinct_of(row: strawberry.Parent[StatsRow], field: Field, level: FieldLevel = None) -> int:
    """Return how many different values a field has."""
    found: int = row.value(Distinct(row.known(field, level)))
    return found


@strawberry.type(name="StatsRow")
class StatsRowType:
    """Statistics of one group, one time bucket, or one group in one bucket."""

    keys: list[str | None] = strawberry.field(
        description="The group's value of each `groupBy` key, as text; null if absent."
    )
    is_other: bool = strawberry.field(description="Whether this row sums up all groups beyond `first`.")
    bucket_start: Nanos | None = strawberry.field(description="Start of the time bucket; null without buckets.")
    count: int = answered_by(figure_value(Basic.COUNT), "Number of items.")
    rate: float | None = answered_by(
        rate_of,
        "Number of starts per second, over the bucket or the time range: as bounded by the filter on `startedAt`, "
        "else from the first start to the last.",
    )
    error_count: int = answered_by(
        figure_value(Basic.ERROR_COUNT), "Number of spans with status ERROR; for traces, of traces with such a span."
    )
    error_rate: float | None = answered_by(
        figure_value(Basic.ERROR_RATE), "Share that failed, from 0 to 1; null if there are none."
    )
    duration_ms: DurationStats = answered_by(_itself, "Statistics of the durations.")
    input_tokens: float | None = answered_by(
        _as_number(Basic.INPUT_TOKENS),
        "Input tokens, each counted once even if several matching spans report them; for traces, the sum of their "
        "totals. Null if none are stated.",
    )
    output_tokens: float | None = answered_by(_as_number(Basic.OUTPUT_TOKENS), "Output tokens, each counted once.")
    total_tokens: float | None = answered_by(_as_number(Basic.TOTAL_TOKENS), "Total tokens, each counted once.")
    cached_input_tokens: float | None = answered_by(
        _as_number(Basic.CACHED_INPUT_TOKENS), "Input tokens read from a cache, counted once; for spans only."
    )
    cache_write_input_tokens: float | None = answered_by(
        _as_number(Basic.CACHE_WRITE_INPUT_TOKENS), "Input tokens written to a cache, counted once; for spans only."
    )
    reasoning_tokens: float | None = answered_by(
        _as_number(Basic.REASONING_TOKENS), "Output tokens spent on reasoning, counted once; for spans only."
    )
    numbers: NumberStats = answered_by(numbers_of, "Statistics of the numbers in any numeric field or attribute.")
    count_distinct: int = answered_by(
        distinct_of, "Number of distinct values of a field; each element of a list counts as a value."
    )
    cost_usd: float | None = answered_by(figure_value(Basic.COST), "Cost in US dollars, counted once; null if unknown.")
    cost_coverage: float | None = answered_by(
        figure_value(Basic.COVERAGE),
        "Share of the token-counting spans or traces whose cost is known, directly or from a matching span above or "
        "below; null if none states tokens.",
    )
    trace_count: int = answered_by(figure_value(Basic.TRACE_COUNT), "Number of traces.")
    histogram: list[HistogramBin] = answered_by(
        _histogram, "Histogram of durations; over time buckets, the columns of a heatmap."
    )
    previous: "StatsRowType | None" = strawberry.field(
        description="The same group in the preceding period, in the bucket at the same position; null without "
        "`compareTo`."
    )
