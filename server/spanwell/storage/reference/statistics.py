"""Statistics, in plain Python."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key, partial
from itertools import product
from math import floor, fsum
from types import MappingProxyType
from typing import Any

from spanwell.observability.model.assessments import Assessment
from spanwell.observability.model.span import Span, SpanStatus
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import Op
from spanwell.observability.questions.fields import FieldRef
from spanwell.observability.questions.operators import passes
from spanwell.observability.questions.statistics import (
    Basic,
    Distinct,
    Figure,
    Having,
    Histogram,
    Keys,
    Measure,
    Measured,
    Quantile,
    RankKey,
    Stats,
    StatsQuery,
    Values,
    check_rows,
)

from .evaluation import agent_of
from .forest import Forest
from .usage import UsageForest
from .values.texts import numbers_of, texts_of


@dataclass(frozen=True)
class Fact:
    """A span, a trace, or an assessment, with the part of its usage that counts."""

    record: Any
    failed: bool
    speaks: bool
    charges: bool
    priced: bool
    span: Span | None = None
    trace: Trace | None = None
    """The trace that an assessment refers to, or that a span belongs to."""
    agent: Span | None = None

    def texts(self, ref: FieldRef) -> list[str]:
        """Return the values of a field as text."""
        record = self._of(ref)
        return [] if record is None else texts_of(record, ref)

    def numbers(self, ref: FieldRef) -> list[float]:
        """Return the numbers in a field."""
        record = self._of(ref)
        return [] if record is None else numbers_of(record, ref)

    def _of(self, ref: FieldRef) -> Any:
        return self.record if ref.of is None else getattr(self, ref.of)


def facts_of_spans(matching: Sequence[Span], forest: Forest) -> Iterator[Fact]:
    """Yield the facts of the spans of a trace that meet a condition."""
    counting = {span.span_id for span in UsageForest(forest).counting(matching)}
    for span in matching:
        is_counted, is_priced = span.span_id in counting, span.cost_usd is not None
        speaks = is_counted and span.total_tokens is not None
        failed, charges = span.status is SpanStatus.ERROR, is_counted and is_priced
        agent = agent_of(span, forest)
        yield Fact(span, failed, speaks, charges, is_priced, trace=forest.trace, agent=agent)


def fact_of_trace(trace: Trace) -> Fact:
    """Return the fact of a trace; its rollups count usage once."""
    priced = trace.cost_usd is not None
    return Fact(trace, trace.has_error, trace.total_tokens is not None, priced, priced)


def fact_of_assessment(record: Assessment, span: Span | None, trace: Trace | None) -> Fact:
    """Return the fact of a score or feedback, which has no usage, and of the records that it refers to."""
    return Fact(record, failed=False, speaks=False, charges=False, priced=False, span=span, trace=trace)


def plain_stats(facts: Iterable[Fact], query: StatsQuery) -> Stats:
    """Return the statistics of some facts."""
    grouped: dict[Keys, list[Fact]] = {}
    for fact in facts:
        for keys in _keys(fact, query):
            grouped.setdefault(keys, []).append(fact)
    if not query.group_by:
        grouped = {(): [fact for group in grouped.values() for fact in group]}
    met = [keys for keys, group in grouped.items() if all(_meets(having, group) for having in query.having)]
    ranked = sorted(met, key=cmp_to_key(partial(_compare, grouped, query.order)))
    groups = tuple(ranked[: query.first]) if query.only is None else query.only
    groups = groups if query.group_by else ((),)
    left = {} if query.having else grouped
    others = [fact for keys, group in left.items() if keys not in groups for fact in group]
    check_rows(len(groups) + bool(others), query)
    cells: dict[tuple[int, int], Values] = {}
    for place, group in enumerate([*(grouped.get(keys, []) for keys in groups), others]):
        for bucket, within in _by_bucket(group, query).items():
            cells[place, bucket] = tuple(figure_of(figure, within) for figure in query.figures)
    if not query.group_by and not query.edges:
        cells.setdefault((0, 0), tuple(figure_of(figure, []) for figure in query.figures))
    return Stats(groups, cells)


def _meets(having: Having, group: Sequence[Fact]) -> bool:
    found = figure_of(having.figure, group)
    if having.op is Op.IS_NULL:
        return bool(having.value) is (found is None)
    return (found is not None and passes(found, having.op, having.value)) is not having.negated


def _keys(fact: Fact, query: StatsQuery) -> Iterable[Keys]:
    return product(*(dict.fromkeys(fact.texts(ref)) or (None,) for ref in query.group_by))


def _by_bucket(facts: list[Fact], query: StatsQuery) -> Mapping[int, list[Fact]]:
    found: dict[int, list[Fact]] = {}
    for fact in facts:
        bucket = bisect_right(query.edges, fact.record.started_at) - 1 if query.edges else 0
        found.setdefault(bucket, []).append(fact)
    return found


def _compare(grouped: Mapping[Keys, list[Fact]], order: tuple[RankKey, ...], one: Keys, other: Keys) -> int:
    """Return -1 or 1; two groups always differ, if only in their keys."""
    pairs = _ranked(grouped, order, one, other)
    a, b, descending = next((a, b, descending) for a, b, descending in pairs if a != b)
    if a is None or b is None:
        return 1 if a is None else -1
    return -1 if (a < b) != descending else 1


def _ranked(
    grouped: Mapping[Keys, list[Fact]], order: tuple[RankKey, ...], one: Keys, other: Keys
) -> Iterator[tuple[Any, Any, bool]]:
    for key in (*order, RankKey(None, descending=False)):
        if key.figure is None:
            yield from ((a, b, key.descending) for a, b in zip(one, other, strict=True))
        else:
            yield figure_of(key.figure, grouped[one]), figure_of(key.figure, grouped[other]), key.descending


def figure_of(figure: Figure, facts: Sequence[Fact]) -> Any:
    """Return the value of a figure over some facts."""
    match figure:
        case Quantile(share):
            return quantile(sorted(_durations(facts)), share)
        case Histogram():
            counts = [0] * len(figure.ends)
            for duration in _durations(facts):
                counts[bisect_left(figure.ends, duration)] += 1
            return tuple(counts)
        case Measured(field, measure):
            return _measured([number for fact in facts for number in fact.numbers(field)], measure)
        case Distinct(field):
            return len({text for fact in facts for text in fact.texts(field)})
        case _:
            return _BASIC[figure](facts)


def _measured(numbers: Sequence[float], measure: Measure | Quantile | Histogram) -> Any:
    match measure:
        case Quantile(share):
            return quantile(sorted(numbers), share)
        case Histogram():
            counts = [0] * len(measure.ends)
            for number in numbers:
                counts[bisect_left(measure.ends, number)] += 1
            return tuple(counts)
        case _:
            return _MEASURES[measure](numbers)


_MEASURES: Mapping[Measure, Callable[[Sequence[float]], Any]] = MappingProxyType(
    {
        Measure.COUNT: len,
        Measure.SUM: lambda numbers: fsum(numbers) if numbers else None,
        Measure.AVG: lambda numbers: fsum(numbers) / len(numbers) if numbers else None,
        Measure.MIN: lambda numbers: min(numbers, default=None),
        Measure.MAX: lambda numbers: max(numbers, default=None),
    }
)


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Return a quantile of an ordered list, interpolated between neighbours."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below, above = ordered[floor(place)], ordered[min(floor(place) + 1, len(ordered) - 1)]
    return below + (above - below) * (place - floor(place))


def _durations(facts: Sequence[Fact]) -> list[float]:
    return [fact.record.duration_ms for fact in facts if fact.record.duration_ms is not None]


def _error_rate(facts: Sequence[Fact]) -> float | None:
    return sum(fact.failed for fact in facts) / len(facts) if facts else None


def _mean(facts: Sequence[Fact]) -> float | None:
    durations = _durations(facts)
    return fsum(durations) / len(durations) if durations else None


def _tokens(name: str) -> Callable[[Sequence[Fact]], int | None]:
    def total(facts: Sequence[Fact]) -> int | None:
        stated = [v for fact in facts if fact.speaks and (v := getattr(fact.record, name, None)) is not None]
        return sum(stated) if stated else None

    return total


def _cost(facts: Sequence[Fact]) -> float | None:
    stated = [fact.record.cost_usd for fact in facts if fact.charges and fact.record.cost_usd is not None]
    return fsum(stated) if stated else None


def _coverage(facts: Sequence[Fact]) -> float | None:
    speaking = [fact for fact in facts if fact.speaks]
    return sum(fact.priced for fact in speaking) / len(speaking) if speaking else None


_BASIC: Mapping[Basic, Callable[[Sequence[Fact]], Any]] = MappingProxyType(
    {
        Basic.COUNT: len,
        Basic.ERROR_COUNT: lambda facts: sum(fact.failed for fact in facts),
        Basic.ERROR_RATE: _error_rate,
        Basic.DURATION_AVG: _mean,
        Basic.DURATION_MIN: lambda facts: min(_durations(facts), default=None),
        Basic.DURATION_MAX: lambda facts: max(_durations(facts), default=None),
        Basic.INPUT_TOKENS: _tokens("input_tokens"),
        Basic.OUTPUT_TOKENS: _tokens("output_tokens"),
        Basic.TOTAL_TOKENS: _tokens("total_tokens"),
        Basic.CACHED_INPUT_TOKENS: _tokens("cached_input_tokens"),
        Basic.CACHE_WRITE_INPUT_TOKENS: _tokens("cache_write_input_tokens"),
        Basic.REASONING_TOKENS: _tokens("reasoning_tokens"),
        Basic.COST: _cost,
        Basic.COVERAGE: _coverage,
        Basic.TRACE_COUNT: lambda facts: len({fact.record.trace_id for fact in facts} - {None}),
    }
)
