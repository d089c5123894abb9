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
    """How many failures of a group began in a stretch of time."""

    bucket_start: Nanos = strawberry.field(description="When it begins.")
    count: int = strawberry.field(description="How many there are.")


@strawberry.type(name="ErrorGroup")
class ErrorGroupType:
    """Failed spans whose messages differ only in numbers, ids, times, URLs and quoted texts."""

    message: str = strawberry.field(
        description="What their messages have in common, such as `timeout after <number> ms`; empty if they have none."
    )
    count: int = strawberry.field(description="How many spans failed so.")
    trace_count: int = strawberry.field(description="In how many traces.")
    services: list[str] = strawberry.field(description="The services whose spans these are, in alphabetical order.")
    first_seen_at: Nanos = strawberry.field(description="When the first of them began.")
    last_seen_at: Nanos = strawberry.field(description="When the last of them began.")
    trend: list[ErrorBucketType] = strawberry.field(
        description="How many there were over time, in the same buckets for all groups."
    )
    sample: SpanType | None = answered_by(error_sample, "The newest of them.")


def _counted(side: str) -> Any:
    def count(value: strawberry.Parent[ValueDifference]) -> int:
        found: int = getattr(value.counts, side)
        return found

    return count


@strawberry.type(name="ValueDifference")
class ValueDifferenceType:
    """A value of a field, and how often it is found on both sides."""

    value: str | None = strawberry.field(description="The value as text; null stands for its absence.")
    baseline_count: int = answered_by(_counted("baseline"), "How many spans of the baseline have it.")
    selection_count: int = answered_by(_counted("selection"), "How many spans of the selection have it.")
    baseline_share: float = strawberry.field(description="Which share of the baseline that is, from 0 to 1.")
    selection_share: float = strawberry.field(description="Which share of the selection that is, from 0 to 1.")


def _start(one: strawberry.Parent[BinDifference]) -> float:
    return one.start


def _end(one: strawberry.Parent[BinDifference]) -> float:
    return one.end


@strawberry.type(name="ShareBin")
class ShareBinType:
    """A stretch of numbers, and how many of both sides lie in it."""

    from_: float = strawberry.field(resolver=_start, name="from", description="Where it begins.")
    to: float = answered_by(_end, "Where it ends; eight bins double a number, and zero has one of its own.")
    baseline_share: float = strawberry.field(description="Which share of the baseline lies in it, from 0 to 1.")
    selection_share: float = strawberry.field(description="Which share of the selection lies in it, from 0 to 1.")


def _distribution(field: strawberry.Parent[FieldDifference]) -> list[BinDifference]:
    return field.bins


@strawberry.type(name="FieldDifference")
class FieldDifferenceType:
    """A field of spans, or an attribute, and by how much it differs between two sets of spans."""

    name: str = strawberry.field(description="Its name in `SpanFilter`; with a level, an attribute's key.")
    level: Level | None = strawberry.field(description="Where the attribute is; null for a field of the span.")
    difference: float = strawberry.field(
        description="The largest difference of the shares of any value, or of its absence; of numbers, of the shares "
        "below any bound (Kolmogorov-Smirnov). From 0 to 1."
    )
    values: list[ValueDifferenceType] = strawberry.field(
        description=f"The {MOST_VALUES} values whose shares differ most. None of columns of numbers."
    )
    distribution: list[ShareBinType] = answered_by(_distribution, "Where its numbers lie, in order.")


@strawberry.type(name="SpanDifference")
class SpanDifferenceType:
    """What distinguishes some spans from others."""

    baseline_count: int = strawberry.field(description="How many spans they are compared with.")
    selection_count: int = strawberry.field(description="How many spans are to be explained.")
    fields: list[FieldDifferenceType] = strawberry.field(description="The fields that differ, the most first.")


@strawberry.type(name="CallPath")
class CallPathType:
    """What the spans on one path of names come to, over all traces: a frame of an aggregate flame graph."""

    path: list[str] = strawberry.field(description="The names of the spans from the top of a trace down to these.")
    name: str = strawberry.field(description="The last of them.")
    depth: int = strawberry.field(description="How many names stand before it.")
    count: int = strawberry.field(description="How many spans there are.")
    trace_count: int = strawberry.field(description="In how many traces.")
    error_count: int = strawberry.field(description="How many of them failed.")
    total_ms: float = strawberry.field(description="How long those took together that have ended, in milliseconds.")
    self_ms: float = strawberry.field(description="As `selfTimeMs` of a span, added up.")
    p50: float | None = strawberry.field(description="The median of their durations in milliseconds, exact.")
    p95: float | None = strawberry.field(description="The 95th percentile of their durations in milliseconds, exact.")


@strawberry.type(name="FigureDiff")
class FigureDiffType:
    """A figure of two traces."""

    base: float | None = strawberry.field(description="That of the base; null if it has none.")
    other: float | None = strawberry.field(description="That of the other one; null if it has none.")
    change: float | None = strawberry.field(description="By how much the other one is larger.")


@strawberry.type
class PathSide:
    """What the spans of one trace on a path come to."""

    count: int = strawberry.field(description="How many there are; 0 if the trace does not have the path.")
    error_count: int = strawberry.field(description="How many of them failed.")
    duration_ms: float = strawberry.field(description="How long those took together that have ended, in milliseconds.")
    total_tokens: int | None = strawberry.field(description="The tokens that they state; null if they state none.")
    cost_usd: float | None = strawberry.field(description="What they cost in US dollars; null if that is unknown.")
    first_span: SpanType | None = answered_by(first_span, "The first of them; null if there is none.")


@strawberry.type(name="PathDiff")
class PathDiffType:
    """A path of names that either trace has, and what it comes to in both."""

    path: list[str] = strawberry.field(description="The names of the spans from the top of the trace down to these.")
    name: str = strawberry.field(description="The last of them.")
    depth: int = strawberry.field(description="How many names stand before it.")
    change: PathChange = strawberry.field(description="How the path differs.")
    base: PathSide = strawberry.field(description="What it comes to in the base.")
    other: PathSide = strawberry.field(description="What it comes to in the other trace.")
    duration_change_ms: float = strawberry.field(
        description="By how much longer its spans took together in the other trace, in milliseconds."
    )


def _total(name: str, description: str) -> Any:
    def value(diff: strawberry.Parent[TraceDiff]) -> FigureDiff:
        return diff.figure(name)

    return answered_by(value, description)


@strawberry.type(name="TraceDiff")
class TraceDiffType:
    """Two traces, aligned by the names on the paths from their tops."""

    base: TraceType = strawberry.field(description="The trace to compare with.")
    other: TraceType = strawberry.field(description="The trace that is compared.")
    duration_ms: FigureDiffType = _total("duration_ms", "How long they took.")
    span_count: FigureDiffType = _total("span_count", "How many spans they have.")
    error_count: FigureDiffType = _total("error_count", "How many spans failed.")
    input_tokens: FigureDiffType = _total("input_tokens", "Tokens read.")
    output_tokens: FigureDiffType = _total("output_tokens", "Tokens written.")
    total_tokens: FigureDiffType = _total("total_tokens", "All tokens.")
    cost_usd: FigureDiffType = _total("cost_usd", "What they cost in US dollars.")
    paths: list[PathDiffType] = strawberry.field(
        description="All paths of both, each below its parent; spans on the same path are added up."
    )
