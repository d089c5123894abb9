"""What statistics are asked for: groups, orders, and their arguments."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from typing import Annotated, TypeAlias

import strawberry

from spanwell.graphql.basics.derive import UNSET
from spanwell.graphql.basics.enums import Level, SortDirection
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.questions.conditions import Compare, Not
from spanwell.observability.questions.fields import FieldRef
from spanwell.observability.questions.statistics import (
    LARGEST_FIRST,
    Basic,
    Figure,
    Having,
    Measure,
    Measured,
    Quantile,
    RankKey,
)

from .operators import NumberFilter

MOST_GROUPS = 1_000
_MOST_KEYS = 4
_value = strawberry.enum_value
_described = strawberry.argument


@strawberry.input
class GroupKey:
    """A field or an attribute to group by."""

    field: str = strawberry.field(
        description="Name of a field, such as `serviceName`; with a `level`, an attribute key as in `AttributeFilter`. "
        "For spans also a field of their trace or agent, such as `trace.userId` or `agent.entityName`; for scores and "
        "feedback also one of the span or trace they are about: `span.model`, `trace.environment`."
    )
    level: Level | None = strawberry.field(description="Where the attribute is looked up.", default=UNSET)


@strawberry.enum
class StatsMeasure(Enum):
    """Measures that groups can be ordered by."""

    COUNT = _value("COUNT", description="Number of items.")
    RATE = _value("RATE", description="Number per second.")
    ERROR_COUNT = _value("ERROR_COUNT", description="Number of failures.")
    ERROR_RATE = _value("ERROR_RATE", description="Share that failed.")
    DURATION_AVG = _value("DURATION_AVG", description="Mean duration.")
    DURATION_MIN = _value("DURATION_MIN", description="Shortest duration.")
    DURATION_MAX = _value("DURATION_MAX", description="Longest duration.")
    DURATION_P50 = _value("DURATION_P50", description="Median duration.")
    DURATION_P90 = _value("DURATION_P90", description="90th percentile of the durations.")
    DURATION_P95 = _value("DURATION_P95", description="95th percentile of the durations.")
    DURATION_P99 = _value("DURATION_P99", description="99th percentile of the durations.")
    INPUT_TOKENS = _value("INPUT_TOKENS", description="Input tokens.")
    OUTPUT_TOKENS = _value("OUTPUT_TOKENS", description="Output tokens.")
    TOTAL_TOKENS = _value("TOTAL_TOKENS", description="Total tokens.")
    COST = _value("COST", description="Cost in US dollars.")
    TRACE_COUNT = _value("TRACE_COUNT", description="Number of traces.")
    KEY = _value("KEY", description="The group keys themselves, by Unicode code point.")


_FIGURES: Mapping[StatsMeasure, Figure | None] = MappingProxyType(
    {
        StatsMeasure.RATE: Basic.COUNT,
        StatsMeasure.DURATION_P50: Quantile(0.5),
        StatsMeasure.DURATION_P90: Quantile(0.9),
        StatsMeasure.DURATION_P95: Quantile(0.95),
        StatsMeasure.DURATION_P99: Quantile(0.99),
        StatsMeasure.KEY: None,
    }
)
"""Those that are not a basic figure of the same name."""


@strawberry.input
class StatsOrder:
    """A sort key for groups. Groups without a value always come last."""

    measure: StatsMeasure = strawberry.field(description="Measure to order by, over the whole time range.")
    direction: SortDirection = strawberry.field(description="Sort direction.", default=SortDirection.DESC)

    def to_key(self) -> RankKey:
        """Return the sort key of groups."""
        return RankKey(_figure(self.measure), self.direction is SortDirection.DESC)


def _figure(measure: StatsMeasure) -> Figure | None:
    return _FIGURES[measure] if measure in _FIGURES else Basic[measure.name]


@strawberry.input
class StatsHaving:
    """A condition on a measure of a group, over the whole time range."""

    measure: StatsMeasure = strawberry.field(
        description="The measure to test; any but `KEY` and `RATE` (test `COUNT` instead)."
    )
    is_: NumberFilter = strawberry.field(name="is", description="The condition, such as `{gte: 100}`.")

    def to_having(self) -> Iterator[Having]:
        """Yield what the test means. Raises `InvalidInput`."""
        return _having(None if self.measure is StatsMeasure.RATE else _figure(self.measure), self.is_)


def _having(figure: Figure | None, asked: NumberFilter) -> Iterator[Having]:
    if figure is None:
        raise InvalidInput("cannot be tested", "measure")
    for condition in asked.conditions("figure"):
        met = condition.part if isinstance(condition, Not) else condition
        if isinstance(met, Compare):
            yield Having(figure, met.op, met.value, isinstance(condition, Not))


@strawberry.enum
class AssessmentMeasure(Enum):
    """Measures that groups of scores or feedback can be ordered by."""

    COUNT = _value("COUNT", description="Number of items.")
    TRACE_COUNT = _value("TRACE_COUNT", description="Number of traces that they belong to.")
    AVG = _value("AVG", description="The mean value.")
    MIN = _value("MIN", description="The smallest value.")
    MAX = _value("MAX", description="The largest value.")
    TRUE_SHARE = _value("TRUE_SHARE", description="Share of boolean values that are true.")
    KEY = _value("KEY", description="The group keys themselves, by Unicode code point.")


_VALUE, _BOOLEAN = FieldRef("value", Kind.NUMBER), FieldRef("boolean_value", Kind.FLAG)
_OF_ASSESSMENTS: Mapping[AssessmentMeasure, Figure | None] = MappingProxyType(
    {
        AssessmentMeasure.COUNT: Basic.COUNT,
        AssessmentMeasure.TRACE_COUNT: Basic.TRACE_COUNT,
        AssessmentMeasure.AVG: Measured(_VALUE, Measure.AVG),
        AssessmentMeasure.MIN: Measured(_VALUE, Measure.MIN),
        AssessmentMeasure.MAX: Measured(_VALUE, Measure.MAX),
        AssessmentMeasure.TRUE_SHARE: Measured(_BOOLEAN, Measure.AVG),
        AssessmentMeasure.KEY: None,
    }
)


@strawberry.input
class AssessmentStatsOrder:
    """A sort key for groups of scores or feedback. Groups without a value always come last."""

    measure: AssessmentMeasure = strawberry.field(description="Measure to order by, over the whole time range.")
    direction: SortDirection = strawberry.field(description="Sort direction.", default=SortDirection.DESC)

    def to_key(self) -> RankKey:
        """Return the sort key of groups."""
        return RankKey(_OF_ASSESSMENTS[self.measure], self.direction is SortDirection.DESC)


@strawberry.input
class AssessmentStatsHaving:
    """A condition on a measure of a group of scores or feedback, over the whole time range."""

    measure: AssessmentMeasure = strawberry.field(description="The measure to test; any but `KEY`.")
    is_: NumberFilter = strawberry.field(name="is", description="The condition, such as `{lt: 0.5}`.")

    def to_having(self) -> Iterator[Having]:
        """Yield what the test means. Raises `InvalidInput`."""
        return _having(_OF_ASSESSMENTS[self.measure], self.is_)


@strawberry.enum
class Comparison(Enum):
    """The period that statistics are compared with."""

    PREVIOUS_PERIOD = _value(
        "PREVIOUS_PERIOD",
        description="The period of equal length right before; with buckets of days or longer, of the same number of "
        "buckets.",
    )


GroupBy: TypeAlias = Annotated[
    list[GroupKey] | None,
    _described(
        description="One to four keys to group by; a record with several values, such as tags, is in the group of each "
        "value."
    ),
]
Interval: TypeAlias = Annotated[
    str | None,
    _described(
        description="Length of the time buckets: an ISO 8601 duration such as `PT1M`, `P1D` or `P1M`, or the same as "
        "dashboards write it: `1m`, `1d`, `1M`. Hours and shorter are exact; days, weeks (from Monday), months and "
        "years follow the calendar of `timeZone`."
    ),
]
Buckets: TypeAlias = Annotated[
    int | None, _described(description="Number of equal buckets to divide the time range into, instead of `interval`.")
]
TimeZone: TypeAlias = Annotated[
    str, _described(description="Time zone of calendar buckets, by its IANA name such as `Europe/Berlin`.")
]
FirstGroups: TypeAlias = Annotated[
    int,
    _described(
        description="Maximum number of groups; the others are summed up in one row, `isOther`. At most "
        f"{MOST_GROUPS:,}."
    ),
]
OrderBy: TypeAlias = Annotated[
    list[StatsOrder] | None,
    _described(description="Sort keys of the groups, most significant first; default is the largest count first."),
]
AssessmentRanks: TypeAlias = Annotated[
    list[AssessmentStatsOrder] | None,
    _described(description="Sort keys of the groups, most significant first; default is the largest count first."),
]
_HAVING = "Only groups that meet all of these conditions; there is then no `isOther` row."
GroupHaving: TypeAlias = Annotated[list[StatsHaving] | None, _described(description=_HAVING)]
AssessmentGroupHaving: TypeAlias = Annotated[list[AssessmentStatsHaving] | None, _described(description=_HAVING)]
CompareTo: TypeAlias = Annotated[
    Comparison | None,
    _described(description="Fill `previous` of each row; the filter must bound `startedAt` on both sides."),
]


def to_fields(keys: Sequence[GroupKey] | None, known: Callable[[str, Level | None], FieldRef]) -> tuple[FieldRef, ...]:
    """Return the fields to group by. Raises `InvalidInput` naming the key."""
    if keys is not None and len(keys) > _MOST_KEYS:
        raise InvalidInput(f"has {len(keys)} keys; at most {_MOST_KEYS} are allowed", "groupBy")
    found: list[FieldRef] = []
    for index, key in enumerate(keys or ()):
        try:
            found.append(known(key.field, key.level if isinstance(key.level, Level) else None))
        except InvalidInput as error:
            raise error.within(f"groupBy[{index}]") from None
    return tuple(found)


def to_ranks(keys: Sequence[StatsOrder] | Sequence[AssessmentStatsOrder] | None) -> tuple[RankKey, ...]:
    """Return the order of groups, or the default order."""
    return tuple(key.to_key() for key in keys) if keys else LARGEST_FIRST


def to_having(
    tests: Sequence[StatsHaving | AssessmentStatsHaving] | None, groups: Sequence[FieldRef]
) -> tuple[Having, ...]:
    """Return the tests of groups. Raises `InvalidInput`, which names the invalid test."""
    if tests and not groups:
        raise InvalidInput("requires `groupBy`", "having")
    found: list[Having] = []
    for index, each in enumerate(tests or ()):
        try:
            found += each.to_having()
        except InvalidInput as error:
            raise error.within(f"having[{index}]") from None
    return tuple(found)
