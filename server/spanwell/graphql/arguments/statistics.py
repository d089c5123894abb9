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
    """One thing to group by: a field, or an attribute."""

    field: str = strawberry.field(
        description="A field's name, such as `serviceName`; with a `level`, a key as in `AttributeFilter`. Of scores "
        "and feedback also a field of what they are about: `span.model`, `trace.environment`."
    )
    level: Level | None = strawberry.field(description="Where the attribute is looked for.", default=UNSET)


@strawberry.enum
class StatsMeasure(Enum):
    """What groups can be ordered by."""

    COUNT = _value("COUNT", description="How many there are.")
    RATE = _value("RATE", description="How many there are in a second.")
    ERROR_COUNT = _value("ERROR_COUNT", description="How many failed.")
    ERROR_RATE = _value("ERROR_RATE", description="The share that failed.")
    DURATION_AVG = _value("DURATION_AVG", description="The mean duration.")
    DURATION_MIN = _value("DURATION_MIN", description="The shortest duration.")
    DURATION_MAX = _value("DURATION_MAX", description="The longest duration.")
    DURATION_P50 = _value("DURATION_P50", description="The median duration.")
    DURATION_P90 = _value("DURATION_P90", description="The duration that 90 % stay under.")
    DURATION_P95 = _value("DURATION_P95", description="The duration that 95 % stay under.")
    DURATION_P99 = _value("DURATION_P99", description="The duration that 99 % stay under.")
    INPUT_TOKENS = _value("INPUT_TOKENS", description="Tokens read.")
    OUTPUT_TOKENS = _value("OUTPUT_TOKENS", description="Tokens written.")
    TOTAL_TOKENS = _value("TOTAL_TOKENS", description="All tokens.")
    COST = _value("COST", description="The cost in US dollars.")
    TRACE_COUNT = _value("TRACE_COUNT", description="How many traces there are.")
    KEY = _value("KEY", description="The keys themselves, by Unicode code points.")


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
    """One measure to order groups by. Groups without a value come last, either way."""

    measure: StatsMeasure = strawberry.field(description="What to order by, over all of the time.")
    direction: SortDirection = strawberry.field(description="Which way.", default=SortDirection.DESC)

    def to_key(self) -> RankKey:
        """Return what the order means."""
        return RankKey(_figure(self.measure), self.direction is SortDirection.DESC)


def _figure(measure: StatsMeasure) -> Figure | None:
    return _FIGURES[measure] if measure in _FIGURES else Basic[measure.name]


@strawberry.input
class StatsHaving:
    """A measure of a group, over all of the time, and what must hold of it."""

    measure: StatsMeasure = strawberry.field(description="What is tested; not `KEY`, and of `RATE` test `COUNT`.")
    is_: NumberFilter = strawberry.field(name="is", description="What it is, such as `{gte: 100}`.")

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
    """What groups of scores or feedback can be ordered by."""

    COUNT = _value("COUNT", description="How many there are.")
    TRACE_COUNT = _value("TRACE_COUNT", description="How many traces they are about.")
    AVG = _value("AVG", description="The mean value.")
    MIN = _value("MIN", description="The smallest value.")
    MAX = _value("MAX", description="The largest value.")
    TRUE_SHARE = _value("TRUE_SHARE", description="The share that is true, of those that are true or false.")
    KEY = _value("KEY", description="The keys themselves, by Unicode code points.")


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
    """One measure to order groups of scores or feedback by. Groups without a value come last, either way."""

    measure: AssessmentMeasure = strawberry.field(description="What to order by, over all of the time.")
    direction: SortDirection = strawberry.field(description="Which way.", default=SortDirection.DESC)

    def to_key(self) -> RankKey:
        """Return what the order means."""
        return RankKey(_OF_ASSESSMENTS[self.measure], self.direction is SortDirection.DESC)


@strawberry.input
class AssessmentStatsHaving:
    """A measure of a group of scores or feedback, over all of the time, and what must hold of it."""

    measure: AssessmentMeasure = strawberry.field(description="What is tested; not `KEY`.")
    is_: NumberFilter = strawberry.field(name="is", description="What it is, such as `{lt: 0.5}`.")

    def to_having(self) -> Iterator[Having]:
        """Yield what the test means. Raises `InvalidInput`."""
        return _having(_OF_ASSESSMENTS[self.measure], self.is_)


@strawberry.enum
class Comparison(Enum):
    """What figures are compared with."""

    PREVIOUS_PERIOD = _value(
        "PREVIOUS_PERIOD", description="As much time right before; where the buckets are days or more, as many of them."
    )


GroupBy: TypeAlias = Annotated[
    list[GroupKey] | None,
    _described(
        description="One to four things to group by; what has several values, such as tags, is in the group of each."
    ),
]
Interval: TypeAlias = Annotated[
    str | None,
    _described(
        description="How long the buckets of time are: a duration of ISO 8601, such as `PT1M`, `P1D` or `P1M`. Hours "
        "and less are exact; days, weeks from Monday, months and years are those of the time zone."
    ),
]
Buckets: TypeAlias = Annotated[
    int | None, _described(description="Into how many equal buckets the stretch of time is cut, instead of `interval`.")
]
TimeZone: TypeAlias = Annotated[
    str, _described(description="The time zone, by its IANA name such as `Europe/Berlin`, whose days are meant.")
]
FirstGroups: TypeAlias = Annotated[
    int, _described(description="At most so many groups; the rest is one row, `isOther`. At most 1,000.")
]
OrderBy: TypeAlias = Annotated[
    list[StatsOrder] | None,
    _described(description="What to order groups by, the most important first; the largest count first if left out."),
]
AssessmentRanks: TypeAlias = Annotated[
    list[AssessmentStatsOrder] | None,
    _described(description="What to order groups by, the most important first; the largest count first if left out."),
]
_HAVING = "Only groups that meet all of this; then there is no row for what belongs to no listed group."
GroupHaving: TypeAlias = Annotated[list[StatsHaving] | None, _described(description=_HAVING)]
AssessmentGroupHaving: TypeAlias = Annotated[list[AssessmentStatsHaving] | None, _described(description=_HAVING)]
CompareTo: TypeAlias = Annotated[
    Comparison | None,
    _described(description="Also gives each row's `previous`; `startedAt` has to be bounded on both sides."),
]


def to_fields(keys: Sequence[GroupKey] | None, known: Callable[[str, Level | None], FieldRef]) -> tuple[FieldRef, ...]:
    """Return the fields to group by. Raises `InvalidInput` naming the key."""
    if keys is not None and len(keys) > _MOST_KEYS:
        raise InvalidInput(f"has {len(keys)} keys; at most {_MOST_KEYS} make a group", "groupBy")
    found: list[FieldRef] = []
    for index, key in enumerate(keys or ()):
        try:
            found.append(known(key.field, key.level if isinstance(key.level, Level) else None))
        except InvalidInput as error:
            raise error.within(f"groupBy[{index}]") from None
    return tuple(found)


def to_ranks(keys: Sequence[StatsOrder] | Sequence[AssessmentStatsOrder] | None) -> tuple[RankKey, ...]:
    """Return the order that some keys ask for; the usual one if there are none."""
    return tuple(key.to_key() for key in keys) if keys else LARGEST_FIRST


def to_having(
    tests: Sequence[StatsHaving | AssessmentStatsHaving] | None, groups: Sequence[FieldRef]
) -> tuple[Having, ...]:
    """Return what must hold of groups. Raises `InvalidInput` naming the test."""
    if tests and not groups:
        raise InvalidInput("is about groups: it needs `groupBy`", "having")
    found: list[Having] = []
    for index, each in enumerate(tests or ()):
        try:
            found += each.to_having()
        except InvalidInput as error:
            raise error.within(f"having[{index}]") from None
    return tuple(found)
