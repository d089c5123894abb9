"""Statistics over many records: figures, groups and time buckets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from math import inf
from typing import Any, TypeAlias

from spanwell.observability.model.errors import InvalidInput

from .conditions import ALWAYS, Condition, Op
from .fields import FieldRef

MOST_ROWS = 10_000
"""Maximum number of rows."""

Keys: TypeAlias = tuple[str | None, ...]
"""The keys of a group: a text for each grouped field, None if it is missing."""


class Basic(Enum):
    """The figures without parameters.

    Durations are those of ended records. Usage counts once, however many matching spans report it
    (`derivation.places`); traces use their rollups. COVERAGE is the share of the counted records with tokens whose cost
    is known, from themselves or a span above or below. A span has an error by its status, a trace by any of its spans.
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
    """By identity: `Enum` would hash the name, in Python code, at every lookup."""


@dataclass(frozen=True)
class Quantile:
    """A quantile of durations, interpolated between the two nearest."""

    share: float


LOG2 = tuple(2.0**power for power in range(-10, 41))
"""Powers of two in milliseconds, from a microsecond to 35 years."""


@dataclass(frozen=True)
class Histogram:
    """The counts of durations between bounds: above the lower, up to and including the upper; the last bin is open."""

    bounds: tuple[float, ...] = LOG2

    @property
    def ends(self) -> tuple[float, ...]:
        """The end of each bin."""
        return (*self.bounds, inf)


class Measure(Enum):
    """An aggregate of the numbers in a field."""

    COUNT = "count"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True)
class Measured:
    """A figure of the numbers in a field: a measure, a quantile, or a histogram.

    Of a list in an attribute each number counts. Other values are ignored, unless the attribute is `lenient`.
    """

    field: FieldRef
    measure: Measure | Quantile | Histogram


@dataclass(frozen=True)
class Distinct:
    """The number of distinct values of a field, as text."""

    field: FieldRef


Figure: TypeAlias = Basic | Quantile | Histogram | Measured | Distinct
Values: TypeAlias = tuple[Any, ...]
"""The values of the query's figures, in their order; a histogram's value has a count for each bin."""

USAGE: frozenset[Figure] = frozenset(
    {
        *(Basic.INPUT_TOKENS, Basic.OUTPUT_TOKENS, Basic.TOTAL_TOKENS, Basic.COST, Basic.COVERAGE),
        *(Basic.CACHED_INPUT_TOKENS, Basic.CACHE_WRITE_INPUT_TOKENS, Basic.REASONING_TOKENS),
    }
)
"""The figures that depend on which spans' usage counts."""


@dataclass(frozen=True)
class RankKey:
    """A key of the order of groups; None stands for the group keys. Missing values come last in both directions."""

    figure: Figure | None
    descending: bool = True


LARGEST_FIRST = (RankKey(Basic.COUNT),)


@dataclass(frozen=True)
class Having:
    """A test of a group's figure over the whole time range. A missing value passes only negated tests."""

    figure: Figure
    op: Op
    value: Any
    negated: bool = False


@dataclass(frozen=True)
class StatsQuery:
    """Figures of the records that meet a condition, in total, by groups, by time buckets, or by both.

    The first groups by `order`, then by their keys, are listed; all others are combined. `only` lists these groups
    instead. `edges` are the bounds of the buckets, one more than there are buckets; all matching records start within
    them. A record with several values in a field belongs to several groups. With `having`, other groups are left out
    completely.
    """

    figures: tuple[Figure, ...]
    where: Condition = ALWAYS
    group_by: tuple[FieldRef, ...] = ()
    edges: tuple[int, ...] = ()
    order: tuple[RankKey, ...] = LARGEST_FIRST
    first: int = 50
    only: tuple[Keys, ...] | None = None
    having: tuple[Having, ...] = ()

    @property
    def fields(self) -> tuple[FieldRef, ...]:
        """The fields that it groups by, or takes figures of."""
        return (*self.group_by, *(each.field for each in self.figures if isinstance(each, Measured | Distinct)))


@dataclass(frozen=True)
class Stats:
    """The groups in order, and their values by the group's index and the bucket's, where there are any.

    The rest has the index after the last group. Without grouping there is one group, without keys.
    """

    groups: tuple[Keys, ...]
    cells: Mapping[tuple[int, int], Values] = field(default_factory=dict[tuple[int, int], Values])

    @property
    def has_other(self) -> bool:
        """Whether there is a rest that belongs to no listed group."""
        return any(place == len(self.groups) for place, _ in self.cells)


def check_rows(groups: int, query: StatsQuery) -> None:
    """Raise `InvalidInput` if there would be too many rows."""
    rows = groups * max(1, len(query.edges) - 1)
    if rows > MOST_ROWS:
        raise InvalidInput(f"and the time buckets make {rows:,} rows; at most {MOST_ROWS:,} are allowed", "groupBy")
