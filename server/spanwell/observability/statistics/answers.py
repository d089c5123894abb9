"""Computes the rows of statistics: resolves the time range, fills gaps, and compares with the previous period."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.durations import Duration
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.times import SECOND
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.fields import Known
from spanwell.observability.questions.statistics import (
    Basic,
    Distinct,
    Figure,
    Keys,
    Measure,
    Measured,
    Stats,
    StatsQuery,
    Values,
)
from spanwell.observability.questions.time_ranges import Stretch, stretch_of, within

from .buckets import earlier, edges, even_edges

UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Source:
    """How to read the figures of spans, traces or assessments, their first and last start times, and their fields."""

    stats: Callable[[StatsQuery], Awaitable[Stats]]
    stretch: Callable[[Condition], Awaitable[tuple[int, int] | None]]
    known: Known
    kind: AssessmentKind | None = None


@dataclass(frozen=True)
class StatsRequest:
    """A query without its buckets; `previous` are the figures of the previous period, None without a comparison."""

    query: StatsQuery
    interval: Duration | None = None
    buckets: int | None = None
    zone: ZoneInfo = UTC
    rate: bool = False
    previous: tuple[Figure, ...] | None = None

    @property
    def over_time(self) -> bool:
        """Whether there are buckets."""
        return self.interval is not None or self.buckets is not None


class StatsRow(NamedTuple):
    """The figures of a group in a bucket; `seconds` is the time range of its rate, if known.

    `places` is the index of each figure's value, the same in all rows.
    """

    keys: Keys
    is_other: bool
    bucket_start: Nanos | None
    seconds: float | None
    values: Values
    places: Mapping[Figure, int]
    known: Known
    previous: "StatsRow | None" = None
    total: int = 0

    def value(self, figure: Figure) -> Any:
        """Return the value of a figure."""
        return self.values[self.places[figure]]

    @property
    def share(self) -> float | None:
        """The share of the records in all rows of the bucket."""
        count: int = self.value(Basic.COUNT)
        return count / self.total if self.total else None

    @property
    def rate(self) -> float | None:
        """Records per second."""
        count: int = self.value(Basic.COUNT)
        return count / self.seconds if self.seconds else None


@dataclass(frozen=True)
class _Period:
    """A time range with its query; `bounds` are those of the filter."""

    query: StatsQuery
    since: int
    until: int
    bounds: Stretch

    def starts(self) -> list[Nanos | None]:
        return [Nanos(edge) for edge in self.query.edges[:-1]] or [None]

    def seconds(self) -> list[float]:
        """Return the length of each bucket in seconds, within the filter's bounds."""
        if not self.query.edges:
            return [max(0, self.until - self.since - (self.bounds.until is None)) / SECOND]
        since, until = self.bounds.since, self.bounds.until
        return [
            ((end if until is None else min(end, until)) - (start if since is None else max(start, since))) / SECOND
            for start, end in pairwise(self.query.edges)
        ]


async def statistics(source: Source, request: StatsRequest) -> list[StatsRow]:
    """Return the rows of a request, by group and then by bucket. Raises `InvalidInput`.

    Empty buckets have rows, too. The rest that belongs to no listed group comes last.
    """
    bounds = stretch_of(request.query.where)
    if request.previous is not None and (bounds.since is None or bounds.until is None):
        raise InvalidInput("needs a time range: bound `startedAt` in the filter with `gte` and `lt`", "compareTo")
    period = await _period(source, request, bounds)
    if period is None:
        return []
    stats = await source.stats(period.query)
    rows = _rows(stats, period, with_other=stats.has_other, known=source.known)
    if request.previous is None:
        return rows
    before = _before(request, period, stats.groups)
    found = await source.stats(before.query)
    earlier_rows = _rows(found, before, with_other=stats.has_other, known=source.known)
    return [row._replace(previous=previous) for row, previous in zip(rows, earlier_rows, strict=True)]


async def _period(source: Source, request: StatsRequest, bounds: Stretch) -> _Period | None:
    """Return the query with its buckets; None if its time range is empty."""
    since, until = bounds.since, bounds.until
    if (request.over_time or request.rate) and (since is None or until is None):
        found = await source.stretch(request.query.where)
        if found is None and request.over_time:
            return None
        first, last = found or (0, 0)
        since = first if since is None else since
        until = last + 1 if until is None else until
    period = _Period(request.query, since or 0, until or 0, bounds)
    return _with_buckets(request, period) if request.over_time else period


def _with_buckets(request: StatsRequest, period: _Period) -> _Period | None:
    since, until = period.since, period.until
    if since >= until:
        return None
    if request.interval is None:
        found = even_edges(since, until, request.buckets or 1)
    else:
        found = edges(request.interval, since, until, request.zone)
    return replace(period, query=replace(period.query, edges=found, where=within(period.query.where, since, until)))


def _before(request: StatsRequest, period: _Period, groups: tuple[Keys, ...]) -> _Period:
    """Return the same query for the previous period: as many days or months, or else as much time."""
    query, since, until = period.query, period.since, period.until
    shifted = tuple(edge - (until - since) for edge in query.edges)
    start = since - (until - since)
    step = request.interval
    if step is not None and step.is_of_calendar and (since, until) == (query.edges[0], query.edges[-1]):
        shifted = earlier(step, since, len(query.edges) - 1, request.zone)
        start = shifted[0]
    only = groups if query.group_by else None
    where = within(query.where, start, since)
    query_before = replace(query, figures=request.previous or (), where=where, edges=shifted, only=only, having=())
    return _Period(query_before, start, since, Stretch(start, since))


def _rows(stats: Stats, period: _Period, *, with_other: bool, known: Known) -> list[StatsRow]:
    figures = period.query.figures
    nothing = tuple(_of_nothing(figures))
    places = {figure: place for place, figure in enumerate(figures)}
    times = list(enumerate(zip(period.starts(), period.seconds(), strict=True)))
    nobody: Keys = (None,) * len(period.query.group_by)
    groups = [*stats.groups, *([nobody] if with_other else [])]
    found = stats.cells.get
    rows = [
        StatsRow(*(keys, place == len(stats.groups), start, seconds, found((place, bucket), nothing), places, known))
        for place, keys in enumerate(groups)
        for bucket, (start, seconds) in times
    ]
    totals: Counter[Nanos | None] = Counter()
    for row in rows:
        totals[row.bucket_start] += row.value(Basic.COUNT)
    return [row._replace(total=totals[row.bucket_start]) for row in rows]


_COUNTED = frozenset({Basic.COUNT, Basic.ERROR_COUNT, Basic.TRACE_COUNT})


def _of_nothing(figures: Iterable[Figure]) -> Iterator[int | None]:
    """Yield the value of each figure for no records."""
    for figure in figures:
        is_count = isinstance(figure, Distinct) or (isinstance(figure, Measured) and figure.measure is Measure.COUNT)
        yield 0 if is_count or figure in _COUNTED else None
