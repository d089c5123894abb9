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
        description="Where bins end, in milliseconds, the smallest first; at most 100. Powers of two if left out, from "
        "the first bin with something in it to the last such of all rows."
    ),
]
Share = Annotated[float, strawberry.argument(description="The share, from 0 to 1, such as 0.999.")]


def figure_value(figure: Figure) -> Callable[[StatsRow], Any]:
    """Return what reads a figure off a row."""

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
        description="Durations are longer than this, in milliseconds; 0 for the first bin.",
    )
    to: float | None = answered_by(_end, "Durations are no longer than this; null for the last, open bin.")
    count: int = strawberry.field(description="How many there are.")


@strawberry.type
class DurationStats:
    """Durations in milliseconds, of what has ended. Quantiles are exact, and interpolated."""

    avg: float | None = answered_by(figure_value(Basic.DURATION_AVG), "The mean.")
    min: float | None = answered_by(figure_value(Basic.DURATION_MIN), "The shortest.")
    max: float | None = answered_by(figure_value(Basic.DURATION_MAX), "The longest.")
    p50: float | None = answered_by(figure_value(Quantile(0.5)), "The median.")
    p90: float | None = answered_by(figure_value(Quantile(0.9)), "What 90 % stay under.")
    p95: float | None = answered_by(figure_value(Quantile(0.95)), "What 95 % stay under.")
    p99: float | None = answered_by(figure_value(Quantile(0.99)), "What 99 % stay under.")
    quantile: float | None = answered_by(_quantile, "What any share stays under.")


Field = Annotated[
    str,
    strawberry.argument(
        description="A field's name, such as `totalTokens`; with a `level`, a key as in `AttributeFilter`."
    ),
]
FieldLevel = Annotated[
    Level | None, strawberry.argument(description="Where the attribute is; left out for a field of the record.")
]
NumberBounds = Annotated[
    list[float], strawberry.argument(description="Where bins end, the smallest first; at most 100.")
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

    from_: float | None = strawberry.field(
        name="from", description="Numbers are greater than this; null for the first."
    )
    to: float | None = strawberry.field(description="Numbers are no greater than this; null for the last bin.")
    count: int = strawberry.field(description="How many there are.")


@strawberry.type
class NumberStats:
    """Figures of the numbers in a field; what is no number counts for nothing. Quantiles are exact and interpolated."""

    count: int = answered_by(_measured(Measure.COUNT), "How many numbers there are.")
    sum: float | None = answered_by(_measured(Measure.SUM), "All of them together; null of none.")
    avg: float | None = answered_by(_measured(Measure.AVG), "The mean; null of none.")
    min: float | None = answered_by(_measured(Measure.MIN), "The smallest.")
    max: float | None = answered_by(_measured(Measure.MAX), "The largest.")
    p50: float | None = answered_by(_measured(Quantile(0.5)), "The median.")
    p90: float | None = answered_by(_measured(Quantile(0.9)), "What 90 % stay under.")
    p95: float | None = answered_by(_measured(Quantile(0.95)), "What 95 % stay under.")
    p99: float | None = answered_by(_measured(Quantile(0.99)), "What 99 % stay under.")
    quantile: float | None = answered_by(_measured_quantile, "What any share stays under.")
    histogram: list[NumberBin] = answered_by(_measured_histogram, "How many lie between bounds.")


def numbers_of(row: strawberry.Parent[StatsRow], field: Field, level: FieldLevel = None) -> Numbers:
    """Return the figures of the numbers in a field."""
    return Numbers(row, row.known(field, level))


def distinct_of(row: strawberry.Parent[StatsRow], field: Field, level: FieldLevel = None) -> int:
    """Return how many different values a field has."""
    found: int = row.value(Distinct(row.known(field, level)))
    return found


@strawberry.type(name="StatsRow")
class StatsRowType:
    """The figures of a group, of a bucket of time, or of a group in a bucket."""

    keys: list[str | None] = strawberry.field(
        description="A text for each field of `groupBy`; null where it is absent."
    )
    is_other: bool = strawberry.field(description="Whether this is all groups beyond `first` together.")
    bucket_start: Nanos | None = strawberry.field(description="When the bucket begins; null without buckets.")
    count: int = answered_by(figure_value(Basic.COUNT), "How many there are.")
    rate: float | None = answered_by(
        rate_of,
        "How many began in a second of the bucket, or of the stretch of time: as far as the filter bounds `startedAt`, "
        "else from the first to the last.",
    )
    error_count: int = answered_by(figure_value(Basic.ERROR_COUNT), "How many spans, or traces with any span, failed.")
    error_rate: float | None = answered_by(figure_value(Basic.ERROR_RATE), "The share that failed; null of nothing.")
    duration_ms: DurationStats = answered_by(_itself, "How long they took.")
    input_tokens: float | None = answered_by(
        _as_number(Basic.INPUT_TOKENS),
        "Tokens read, each counted once, however many of the matching spans repeat them; of traces, their rollups. "
        "Null where none are stated.",
    )
    output_tokens: float | None = answered_by(_as_number(Basic.OUTPUT_TOKENS), "Tokens written, each counted once.")
    total_tokens: float | None = answered_by(_as_number(Basic.TOTAL_TOKENS), "All tokens, each counted once.")
    cached_input_tokens: float | None = answered_by(
        _as_number(Basic.CACHED_INPUT_TOKENS), "Input tokens that came from a cache, counted once; of spans alone."
    )
    cache_write_input_tokens: float | None = answered_by(
        _as_number(Basic.CACHE_WRITE_INPUT_TOKENS), "Input tokens written to a cache, counted once; of spans alone."
    )
    reasoning_tokens: float | None = answered_by(
        _as_number(Basic.REASONING_TOKENS), "Output tokens spent on reasoning, counted once; of spans alone."
    )
    numbers: NumberStats = answered_by(
        numbers_of, "Figures of the numbers in a field of one's choice: any numeric field, or an attribute."
    )
    count_distinct: int = answered_by(
        distinct_of, "How many different values a field has; of a list, each element is a value."
    )
    cost_usd: float | None = answered_by(
        figure_value(Basic.COST), "The cost in US dollars, counted once; null where none is known."
    )
    cost_coverage: float | None = answered_by(
        figure_value(Basic.COVERAGE),
        "The share of those that count with tokens whose cost is known, also by a matching span above or below; null "
        "where no tokens are stated.",
    )
    trace_count: int = answered_by(figure_value(Basic.TRACE_COUNT), "How many traces there are.")
    histogram: list[HistogramBin] = answered_by(
        _histogram, "How many took how long; with buckets of time, a column of a heatmap."
    )
    previous: "StatsRowType | None" = strawberry.field(
        description="The same group one period before, in the bucket at the same place; null without `compareTo`."
    )
