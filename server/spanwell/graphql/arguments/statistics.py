"""What statistics are asked for: groups, orders, and their arguments."""

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Annotated, Any, TypeAlias, TypeVar

import strawberry

from spanwell.graphql.basics.derive import UNSET
from spanwell.graphql.basics.enums import Level
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.questions.fields import FieldRef, Known
from spanwell.observability.questions.statistics import LARGEST_FIRST, Having, RankKey
from spanwell.observability.statistics.answers import Source

from .measures import AssessmentStatsHaving, AssessmentStatsOrder, StatsHaving, StatsOrder, level_of

T = TypeVar("T")

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


def to_fields(keys: Sequence[GroupKey] | None, known: Known) -> tuple[FieldRef, ...]:
    """Return the fields to group by. Raises `InvalidInput` naming the key."""
    if keys is not None and len(keys) > _MOST_KEYS:
        raise InvalidInput(f"has {len(keys)} keys; at most {_MOST_KEYS} are allowed", "groupBy")
    return tuple(_each("groupBy", keys or (), lambda key, _: known(key.field, level_of(key.level))))


def to_ranks(keys: Sequence[StatsOrder] | Sequence[AssessmentStatsOrder] | None, source: Source) -> tuple[RankKey, ...]:
    """Return the order of groups, or the default order. Raises `InvalidInput`, which names the invalid key."""
    return tuple(_each("orderBy", keys, lambda key, element: key.to_key(source, element))) if keys else LARGEST_FIRST


def to_having(
    tests: Sequence[StatsHaving | AssessmentStatsHaving] | None, groups: Sequence[FieldRef], source: Source
) -> tuple[Having, ...]:
    """Return the tests of groups. Raises `InvalidInput`, which names the invalid test."""
    if tests and not groups:
        raise InvalidInput("requires `groupBy`", "having")
    found = _each("having", tests or (), lambda test, element: tuple(test.to_having(source, element)))
    return tuple(having for each in found for having in each)


def _each(label: str, inputs: Sequence[Any], convert: Callable[[Any, str], T]) -> Iterator[T]:
    for index, each in enumerate(inputs):
        element = f"{label}[{index}]"
        try:
            yield convert(each, element)
        except InvalidInput as error:
            raise error.within(element) from None
