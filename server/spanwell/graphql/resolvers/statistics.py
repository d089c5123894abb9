"""Answers `spanStats` and `traceStats`: only the figures that are selected are worked out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf, isfinite
from types import MappingProxyType
from typing import Any, TypeVar

from graphql import FieldNode, get_argument_values
from graphql.execution.values import VariableValues

from spanwell.graphql.arguments.assessments import FeedbackFilterArgument, ScoreFilterArgument
from spanwell.graphql.arguments.logic import Logic, to_condition
from spanwell.graphql.arguments.measures import numbers_in
from spanwell.graphql.arguments.shared import SpanFilterArgument, TraceFilterArgument
from spanwell.graphql.arguments.statistics import (
    MOST_GROUPS,
    AssessmentGroupHaving,
    AssessmentRanks,
    Buckets,
    CompareTo,
    FirstGroups,
    GroupBy,
    GroupHaving,
    Interval,
    OrderBy,
    TimeZone,
    to_fields,
    to_having,
    to_ranks,
)
from spanwell.graphql.library import coerced_variables
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.durations import Duration, parse_duration
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.times import parse_zone
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.fields import FieldRef, Known, assessment_field, span_field, trace_field
from spanwell.observability.questions.statistics import (
    LOG2,
    Basic,
    Distinct,
    Figure,
    Histogram,
    Measure,
    Measured,
    Quantile,
    StatsQuery,
)
from spanwell.observability.statistics.answers import Source, StatsRequest, StatsRow, statistics
from spanwell.observability.statistics.buckets import MOST
from spanwell.observability.statistics.histograms import with_bins

from .selection import Info, ResolveInfo, below, resolve_info

T = TypeVar("T")

_MOST_BOUNDS = 100

_BASIC: Mapping[str, Basic] = MappingProxyType(
    {
        "rate": Basic.COUNT,
        "errorCount": Basic.ERROR_COUNT,
        "errorRate": Basic.ERROR_RATE,
        "inputTokens": Basic.INPUT_TOKENS,
        "outputTokens": Basic.OUTPUT_TOKENS,
        "totalTokens": Basic.TOTAL_TOKENS,
        "cachedInputTokens": Basic.CACHED_INPUT_TOKENS,
        "cacheWriteInputTokens": Basic.CACHE_WRITE_INPUT_TOKENS,
        "reasoningTokens": Basic.REASONING_TOKENS,
        "costUsd": Basic.COST,
        "costCoverage": Basic.COVERAGE,
        "traceCount": Basic.TRACE_COUNT,
    }
)
_OF_DURATIONS: Mapping[str, Figure] = MappingProxyType(
    {
        "avg": Basic.DURATION_AVG,
        "min": Basic.DURATION_MIN,
        "max": Basic.DURATION_MAX,
        "p50": Quantile(0.5),
        "p90": Quantile(0.9),
        "p95": Quantile(0.95),
        "p99": Quantile(0.99),
    }
)


_OF_NUMBERS: Mapping[str, Measure | Quantile] = MappingProxyType(
    {
        **{measure.value: measure for measure in Measure},
        **{name: figure for name, figure in _OF_DURATIONS.items() if isinstance(figure, Quantile)},
    }
)


_OF_FLAGS: Mapping[str, Measure] = MappingProxyType(
    {"booleanCount": Measure.COUNT, "trueCount": Measure.SUM, "trueShare": Measure.AVG}
)
"""Figures of booleans, which count as 1 or 0."""


@dataclass(frozen=True)
class _Arguments:
    """The arguments that all statistics have in common."""

    group_by: GroupBy
    interval: Interval
    buckets: Buckets
    time_zone: TimeZone
    first: FirstGroups
    order_by: OrderBy | AssessmentRanks
    having: GroupHaving | AssessmentGroupHaving
    compare_to: CompareTo

    def step(self) -> Duration | None:
        """Return the length of a bucket. Raises `InvalidInput`."""
        if self.interval is None:
            return None
        if self.buckets is not None:
            raise InvalidInput("cannot be combined with `interval`", "buckets")
        return _named("interval", parse_duration, self.interval)

    def number(self) -> int | None:
        """Return the number of buckets. Raises `InvalidInput`."""
        if self.buckets is not None and not 1 <= self.buckets <= MOST:
            raise InvalidInput(f"must be between 1 and {MOST:,}", "buckets")
        return self.buckets

    def groups(self) -> int:
        """Return the number of listed groups. Raises `InvalidInput`."""
        if not 0 <= self.first <= MOST_GROUPS:
            raise InvalidInput(f"must be between 0 and {MOST_GROUPS:,}", "first")
        return self.first


def _named(label: str, read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except InvalidInput as error:
        raise error.within(label) from None


async def span_stats(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    filter: SpanFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    group_by: GroupBy = None,
    interval: Interval = None,
    buckets: Buckets = None,
    time_zone: TimeZone = "UTC",
    first: FirstGroups = 50,
    order_by: OrderBy = None,
    having: GroupHaving = None,
    compare_to: CompareTo = None,
) -> list[StatsRow]:
    arguments = _Arguments(group_by, interval, buckets, time_zone, first, order_by, having, compare_to)
    storage = info.context.storage
    source = Source(storage.span_stats, storage.span_stretch, span_field)
    return await _rows(info, source, to_condition(filter), arguments)


async def trace_stats(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    filter: TraceFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    group_by: GroupBy = None,
    interval: Interval = None,
    buckets: Buckets = None,
    time_zone: TimeZone = "UTC",
    first: FirstGroups = 50,
    order_by: OrderBy = None,
    having: GroupHaving = None,
    compare_to: CompareTo = None,
) -> list[StatsRow]:
    arguments = _Arguments(group_by, interval, buckets, time_zone, first, order_by, having, compare_to)
    storage = info.context.storage
    source = Source(storage.trace_stats, storage.trace_stretch, trace_field)
    return await _rows(info, source, to_condition(filter), arguments)


async def score_stats(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    filter: ScoreFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    group_by: GroupBy = None,
    interval: Interval = None,
    buckets: Buckets = None,
    time_zone: TimeZone = "UTC",
    first: FirstGroups = 50,
    order_by: AssessmentRanks = None,
    having: AssessmentGroupHaving = None,
    compare_to: CompareTo = None,
) -> list[StatsRow]:
    arguments = _Arguments(group_by, interval, buckets, time_zone, first, order_by, having, compare_to)
    return await _of_assessments(info, AssessmentKind.SCORE, filter, arguments)


async def feedback_stats(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    filter: FeedbackFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    group_by: GroupBy = None,
    interval: Interval = None,
    buckets: Buckets = None,
    time_zone: TimeZone = "UTC",
    first: FirstGroups = 50,
    order_by: AssessmentRanks = None,
    having: AssessmentGroupHaving = None,
    compare_to: CompareTo = None,
) -> list[StatsRow]:
    arguments = _Arguments(group_by, interval, buckets, time_zone, first, order_by, having, compare_to)
    return await _of_assessments(info, AssessmentKind.FEEDBACK, filter, arguments)


async def _of_assessments(
    info: Info, kind: AssessmentKind, filter_: Logic | None, arguments: _Arguments
) -> list[StatsRow]:
    storage = info.context.storage
    known = assessment_field(kind)
    source = Source(partial(storage.assessment_stats, kind), partial(storage.assessment_stretch, kind), known, kind)
    return await _rows(info, source, to_condition(filter_), arguments)


async def _rows(info: Info, source: Source, where: Condition, arguments: _Arguments) -> list[StatsRow]:
    raw = resolve_info(info)
    selected = below(raw.field_nodes, raw)
    figures = _figures(selected, raw, source)
    before = below(selected.get("previous", ()), raw)
    previous = _figures(before, raw, source) if arguments.compare_to is not None else None
    groups = to_fields(arguments.group_by, source.known)
    having = to_having(arguments.having, groups, source)
    order, first = to_ranks(arguments.order_by, source), arguments.groups()
    query = StatsQuery(figures, where, groups, order=order, first=first, having=having)
    zone = _named("timeZone", parse_zone, arguments.time_zone)
    request = StatsRequest(query, arguments.step(), arguments.number(), zone, "rate" in selected, previous)
    rows = await statistics(source, request)
    return with_bins(rows, {figure for figure in (*figures, *(previous or ())) if isinstance(figure, Histogram)})


def _figures(selected: Mapping[str, Sequence[FieldNode]], info: ResolveInfo, source: Source) -> tuple[Figure, ...]:
    """Return the figures that are selected of a row, each once. Raises `InvalidInput` naming an argument."""
    known, found = source.known, list[Figure]([Basic.COUNT])
    found += (figure for name, figure in _BASIC.items() if name in selected)
    if "value" in selected:
        found += _of_numbers(known("value", None), below(selected["value"], info), info)
    found += (Measured(known("booleanValue", None), measure) for name, measure in _OF_FLAGS.items() if name in selected)
    durations = below(selected.get("durationMs", ()), info)
    found += (figure for name, figure in _OF_DURATIONS.items() if name in durations)
    found += map(_quantile, _arguments("DurationStats", "quantile", durations.get("quantile", ()), info))
    found += map(_histogram, _arguments("StatsRow", "histogram", selected.get("histogram", ()), info))
    for arguments in _arguments("StatsRow", "countDistinct", selected.get("countDistinct", ()), info):
        found.append(Distinct(_within("countDistinct", known, arguments)))
    for node in selected.get("numbers", ()):
        (arguments,) = _arguments("StatsRow", "numbers", [node], info)
        numbers = partial(numbers_in, source, "numbers", coerce=arguments["coerce"])
        found += _of_numbers(_within("numbers", numbers, arguments), below([node], info), info)
    return tuple(dict.fromkeys(found))


def _within(label: str, known: Known, arguments: Mapping[str, Any]) -> FieldRef:
    """Return the field that arguments name. Raises `InvalidInput`."""
    try:
        found: FieldRef = known(arguments["field"], arguments.get("level"))
    except InvalidInput as error:
        raise error.within(label) from None
    return found


def _of_numbers(field: FieldRef, selected: Mapping[str, Sequence[FieldNode]], info: ResolveInfo) -> Iterator[Measured]:
    """Yield the figures that are selected of the numbers in a field. Raises `InvalidInput`."""
    yield from (Measured(field, measure) for name, measure in _OF_NUMBERS.items() if name in selected)
    for arguments in _arguments("NumberStats", "quantile", selected.get("quantile", ()), info):
        yield Measured(field, _quantile(arguments))
    for arguments in _arguments("NumberStats", "histogram", selected.get("histogram", ()), info):
        yield Measured(field, _histogram(arguments, least=-inf))


def _arguments(kind: str, field: str, nodes: Iterable[FieldNode], info: ResolveInfo) -> Iterator[dict[str, Any]]:
    """Yield the arguments of each place where a field is selected."""
    owner: Any = info.schema.type_map[kind]
    variables = VariableValues({}, coerced_variables(info.variable_values))
    for node in nodes:
        yield get_argument_values(owner.fields[field], node, variables)


def _quantile(arguments: Mapping[str, Any]) -> Quantile:
    share: float = arguments["q"]
    if not 0 <= share <= 1:
        raise InvalidInput("must be between 0 and 1", "quantile.q")
    return Quantile(share)


def _histogram(arguments: Mapping[str, Any], least: float = 0) -> Histogram:
    bounds: list[float] | None = arguments.get("bounds")
    if bounds is None:
        return Histogram(LOG2)
    if not 1 <= len(bounds) <= _MOST_BOUNDS:
        raise InvalidInput(f"must have between 1 and {_MOST_BOUNDS} bounds", "histogram.bounds")
    if sorted(set(bounds)) != bounds or bounds[0] <= least or not isfinite(bounds[-1]):
        above = "" if least == -inf else "be greater than 0, and "
        raise InvalidInput(f"must {above}each be greater than the one before", "histogram.bounds")
    return Histogram(tuple(bounds))
