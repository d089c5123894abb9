"""Explanations and comparisons as clients see them."""

from typing import Any

import strawberry

from spanwell.graphql.basics.enums import Level
from spanwell.graphql.basics.nodes import answered_by
from spanwell.graphql.resolvers.explaining.analysis import error_sample, first_span
from spanwell.observability.analysis.differences import MOST_VALUES, BinDifference, FieldDifference, ValueDifference
from spanwell.observability.analysis.trace_diff import FigureDiff, PathChange, TraceDiff
from spanwell.observability.model.columns import Nanos

from .spans import SpanType
from .traces import TraceType


@strawberry.type(name="ErrorBucket")
class ErrorBucketType:
    """Number of failed spans of an error group in one time bucket."""

    bucket_start: Nanos = strawberry.field(description="Start of the bucket.")
    count: int = strawberry.field(description="Number of items.")


@strawberry.type(name="ErrorGroup")
class ErrorGroupType:
    """Failed spans whose messages differ only in numbers, ids, times, URLs and quoted strings."""

    message: str = strawberry.field(
        description="The common pattern of `errorMessage`, such as `timeout after <number> ms`; empty if there is none."
    )
    count: int = strawberry.field(description="Number of failed spans in the group.")
    trace_count: int = strawberry.field(description="Number of traces they occur in.")
    services: list[str] = strawberry.field(description="Services of these spans, in alphabetical order.")
    first_seen_at: Nanos = strawberry.field(description="Start of the first of them.")
    last_seen_at: Nanos = strawberry.field(description="Start of the latest of them.")
    trend: list[ErrorBucketType] = strawberry.field(description="Counts over time, in the same buckets for all groups.")
    sample: SpanType | None = answered_by(error_sample, "The latest of them.")


def _counted(side: str) -> Any:
    def count(value: strawberry.Parent[ValueDifference]) -> int:
        found: int = getattr(value.counts, side)
        return found

    return count


@strawberry.type(name="ValueDifference")
class ValueDifferenceType:
    """A value of a field, and its frequency on both sides."""

    value: str | None = strawberry.field(description="The value as text; null stands for absence.")
    baseline_count: int = answered_by(_counted("baseline"), "Number of baseline spans that have it.")
    selection_count: int = answered_by(_counted("selection"), "Number of selected spans that have it.")
    baseline_share: float = strawberry.field(description="Share of the baseline that has it, from 0 to 1.")
    selection_share: float = strawberry.field(description="Share of the selection that has it, from 0 to 1.")


def _start(one: strawberry.Parent[BinDifference]) -> float:
    return one.start


def _end(one: strawberry.Parent[BinDifference]) -> float:
    return one.end


@strawberry.type(name="ShareBin")
class ShareBinType:
    """A range of numbers, and the share of each side within it."""

    from_: float = strawberry.field(resolver=_start, name="from", description="Lower bound.")
    to: float = answered_by(_end, "Upper bound. There are eight bins per power of two, and one for zero.")
    baseline_share: float = strawberry.field(description="Share of the baseline in this range, from 0 to 1.")
    selection_share: float = strawberry.field(description="Share of the selection in this range, from 0 to 1.")


def _distribution(field: strawberry.Parent[FieldDifference]) -> list[BinDifference]:
    return field.bins


@strawberry.type(name="FieldDifference")
class FieldDifferenceType:
    """How much a span field or an attribute differs between two sets of spans."""

    name: str = strawberry.field(description="Its name in `SpanFilter`; with a level, an attribute key.")
    level: Level | None = strawberry.field(description="Where the attribute is; null for a field of the span.")
    difference: float = strawberry.field(
        description="The largest difference in the share of any value or of absence; for numbers, in the share below "
        "any bound (the Kolmogorov-Smirnov statistic). From 0 to 1."
    )
    values: list[ValueDifferenceType] = strawberry.field(
        description=f"The {MOST_VALUES} values whose shares differ most. Empty for numeric fields."
    )
    distribution: list[ShareBinType] = answered_by(_distribution, "Distribution of its numbers, in ascending order.")


@strawberry.type(name="SpanDifference")
class SpanDifferenceType:
    """What distinguishes the selected spans from the baseline."""

    baseline_count: int = strawberry.field(description="Number of spans in the baseline.")
    selection_count: int = strawberry.field(description="Number of spans in the selection.")
    fields: list[FieldDifferenceType] = strawberry.field(
        description="The fields that differ, those that differ most first."
    )


@strawberry.type(name="CallPath")
class CallPathType:
    """All spans on one path of span names, aggregated over all traces: a frame of an aggregate flame graph."""

    path: list[str] = strawberry.field(description="Span names from the top of a trace down to these spans.")
    name: str = strawberry.field(description="The last name on the path.")
    depth: int = strawberry.field(description="Number of names above it on the path.")
    count: int = strawberry.field(description="Number of spans.")
    trace_count: int = strawberry.field(description="Number of traces they occur in.")
    error_count: int = strawberry.field(description="Number of them with status ERROR.")
    total_ms: float = strawberry.field(description="Sum of the durations of ended spans, in milliseconds.")
    self_ms: float = strawberry.field(description="Sum of the spans' `selfTimeMs`.")
    p50: float | None = strawberry.field(description="Median duration in milliseconds, exact.")
    p95: float | None = strawberry.field(description="95th percentile of the durations in milliseconds, exact.")


@strawberry.type(name="FigureDiff")
class FigureDiffType:
    """A number compared between two traces."""

    base: float | None = strawberry.field(description="Value in the base trace; null if it has none.")
    other: float | None = strawberry.field(description="Value in the other trace; null if it has none.")
    change: float | None = strawberry.field(description="The other value minus the base value.")


@strawberry.type
class PathSide:
    """Totals of the spans of one trace on a path."""

    count: int = strawberry.field(description="Number of spans; 0 if the trace does not have the path.")
    error_count: int = strawberry.field(description="Number of them with status ERROR.")
    duration_ms: float = strawberry.field(description="Sum of the durations of ended spans, in milliseconds.")
    total_tokens: int | None = strawberry.field(description="Their total tokens; null if unknown.")
    cost_usd: float | None = strawberry.field(description="Their cost in US dollars; null if unknown.")
    first_span: SpanType | None = answered_by(first_span, "The first of them; null if there is none.")


@strawberry.type(name="PathDiff")
class PathDiffType:
    """A path of span names in either trace, and its totals in both."""

    path: list[str] = strawberry.field(description="Span names from the top of the trace down to these spans.")
    name: str = strawberry.field(description="The last name on the path.")
    depth: int = strawberry.field(description="Number of names above it on the path.")
    change: PathChange = strawberry.field(description="How the path differs.")
    base: PathSide = strawberry.field(description="Totals in the base trace.")
    other: PathSide = strawberry.field(description="Totals in the other trace.")
    duration_change_ms: float = strawberry.field(
        description="Total duration in the other trace minus that in the base, in milliseconds."
    )


def _total(name: str, description: str) -> Any:
    def value(diff: strawberry.Parent[TraceDiff]) -> FigureDiff:
        return diff.figure(name)

    return answered_by(value, description)


@strawberry.type(name="TraceDiff")
class TraceDiffType:
    """Two traces, aligned by their paths of span names."""

    base: TraceType = strawberry.field(description="The trace to compare with.")
    other: TraceType = strawberry.field(description="The trace to compare.")
    duration_ms: FigureDiffType = _total("duration_ms", "Statistics of the durations.")
    span_count: FigureDiffType = _total("span_count", "Number of spans.")
    error_count: FigureDiffType = _total("error_count", "Number of spans with status ERROR.")
    input_tokens: FigureDiffType = _total("input_tokens", "Input tokens.")
    output_tokens: FigureDiffType = _total("output_tokens", "Output tokens.")
    total_tokens: FigureDiffType = _total("total_tokens", "Total tokens.")
    cost_usd: FigureDiffType = _total("cost_usd", "Costs in US dollars.")
    paths: list[PathDiffType] = strawberry.field(
        description="All paths of both traces, each below its parent; spans on the same path are summed up."
    )
