"""What is asked of a store about many spans or traces at once, and what it answers: groups, buckets, and figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from math import inf
from typing import Any, TypeAlias

from spanwell.observability.model.errors import InvalidInput

from .conditions import ALWAYS, Condition, Op
from .fields import FieldRef

MOST_ROWS = 10_000
"""No answer has more rows."""

Keys: TypeAlias = tuple[str | None, ...]
"""What a group has in common: a text for each field that is grouped by, None where it is absent."""


class Basic(Enum):
    """The figures that need no further word.

    Durations are of what has ended. Tokens and costs count once, however many of the matching spans
    repeat them (`derivation.places`); of traces, their rollups. COVERAGE is the share of those that count with tokens
    whose cost is known, by themselves or by a span above or below them. A span has an error by its status, a trace by
    any of its spans.
    """

    COUNT = "count"
    ERROR_COUNT = "error_count"
    ERROR_RATE = "error_rate"
    DURATION_AVG = "duration_avg"
    DURATION_MIN = "duration_min"
    DURATION_MAX = "duration_max"
    INPUT_TOKENS = "input_tokens"
    OUTPUT_TOKENS = "output_tokens"
    TOTAL_TOKENS = "total_tokens"
    CACHED_INPUT_TOKENS = "cached_input_tokens"
    CACHE_WRITE_INPUT_TOKENS = "cache_write_input_tokens"
    REASONING_TOKENS = "reasoning_tokens"
    COST = "cost_usd"
    COVERAGE = "cost_coverage"
    TRACE_COUNT = "trace_count"

    __hash__ = object.__hash__
    """By identity: `Enum` would hash the name, in Python, wherever a figure is looked up."""


@dataclass(frozen=True)
class Quantile:
    """The duration that a share of all stay under, interpolated between the two nearest."""

    share: float


LOG2 = tuple(2.0**power for power in range(-10, 41))
"""From a microsecond to 35 years in milliseconds, each twice the one before."""


@dataclass(frozen=True)
class Histogram:
    """How many durations lie above one bound and not above the next; the last bin is open."""

    bounds: tuple[float, ...] = LOG2

    @property
    def ends(self) -> tuple[float, ...]:
        """Where each bin ends."""
        return (*self.bounds, inf)


class Measure(Enum):
    """What is worked out of the numbers in a field."""

    COUNT = "count"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True)
class Measured:
    """A figure of the numbers in a field: a measure, a quantile, or a histogram.

    What is no number counts for nothing; neither does a list.
    """

    field: FieldRef
    measure: Measure | Quantile | Histogram


@dataclass(frozen=True)
class Distinct:
    """How many different values a field has, as texts."""

    field: FieldRef


Figure: TypeAlias = Basic | Quantile | Histogram | Measured | Distinct
Values: TypeAlias = tuple[Any, ...]
"""The values of the figures that were asked for, in their order; a histogram's is a count for each bin."""

USAGE: frozenset[Figure] = frozenset(
    {
        *(Basic.INPUT_TOKENS, Basic.OUTPUT_TOKENS, Basic.TOTAL_TOKENS, Basic.COST, Basic.COVERAGE),
        *(Basic.CACHED_INPUT_TOKENS, Basic.CACHE_WRITE_INPUT_TOKENS, Basic.REASONING_TOKENS),
    }
)
"""The figures for which it has to be known which spans count."""


@dataclass(frozen=True)
class RankKey:
    """One key that groups are ordered by; None stands for their keys. What is absent comes last, either way."""

    figure: Figure | None
    descending: bool = True


LARGEST_FIRST = (RankKey(Basic.COUNT),)


@dataclass(frozen=True)
class Having:
    """What must hold of a figure of a group, over all of the time. What is absent meets no test but a negation."""

    figure: Figure
    op: Op
    value: Any
    negated: bool = False


@dataclass(frozen=True)
class StatsQuery:
    """Figures of what meets a condition: of all of it, or of groups, or of buckets of time, or of both.

    The groups that come first by `order`, then by their keys, stand alone; all others are one. `only` names the groups
    that stand alone instead. `edges` has one more moment than there are buckets; nothing that meets the condition
    began outside of them. What has several values in a field is in the group of each. With `having` only groups that
    meet all of it are there at all, and nothing is made of the others.
    """

    figures: tuple[Figure, ...]
    where: Condition = ALWAYS
    group_by: tuple[FieldRef, ...] = ()
    edges: tuple[int, ...] = ()
    order: tuple[RankKey, ...] = LARGEST_FIRST
    first: int = 50
    only: tuple[Keys, ...] | None = None
    having: tuple[Having, ...] = ()


@dataclass(frozen=True)
class Stats:
    """The groups in their order, and the values of each by its place and its bucket, where there are any.

    What belongs to no listed group has the place after the last; without grouping there is one group, with no keys.
    """

    groups: tuple[Keys, ...]
    cells: Mapping[tuple[int, int], Values] = field(default_factory=dict[tuple[int, int], Values])

    @property
    def has_other(self) -> bool:
        """Whether anything belongs to no listed group."""
        return any(place == len(self.groups) for place, _ in self.cells)


def check_rows(groups: int, query: StatsQuery) -> None:
    """Refuse what would have too many rows. Raises `InvalidInput`."""
    rows = groups * max(1, len(query.edges) - 1)
    if rows > MOST_ROWS:
        raise InvalidInput(f"and the time buckets make {rows:,} rows; at most {MOST_ROWS:,} are allowed", "groupBy")
