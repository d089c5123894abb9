"""The operators that a filter offers for each kind of value, and the comparisons they make."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

import strawberry
from typing_extensions import override

from spanwell.graphql.basics.derive import UNSET
from spanwell.graphql.basics.enums import SpanKind, SpanStatus, StatusCode
from spanwell.observability.model.columns import ColumnDef, Json, Kind, Nanos, camel
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.questions.conditions import AllOf, Attribute, Condition, Not, Op
from spanwell.observability.questions.identities import comparison_of
from spanwell.observability.questions.operators import pattern


def _op(description: str, name: str | None = None) -> Any:
    return strawberry.field(description=description, default=UNSET, name=name)


_NEGATIONS: Mapping[str, Op] = MappingProxyType({"ne": Op.EQ, "notIn": Op.IN, "none": Op.ANY})
"""Operators that negate another, and so hold of an absent value."""

_OWN_MEANING = frozenset({"isJsonNull"})
"""Operators of a single filter, which says what they mean."""

_IS_NULL = "True matches absent values, false matches present ones."


class Operators:
    """A filter's operators; all that are set must hold."""

    def conditions(self, column: str | Attribute) -> Iterator[Condition]:
        """Yield the conditions of a column that the filter states. Raises `InvalidInput` naming the operator."""
        return self.apply(comparison_of(column))

    def apply(self, compare: Callable[[Op, Any], Condition]) -> Iterator[Condition]:
        """Yield a condition for each operator in use; `compare` makes one of an operator and its value."""
        for field in fields(self):  # type: ignore[arg-type] # every subclass is a Strawberry input, and so a dataclass
            value = getattr(self, field.name)
            if value is None or value is UNSET:
                continue
            name = camel(field.name.rstrip("_"))
            if name in _OWN_MEANING:
                continue
            op = _NEGATIONS.get(name) or Op(name)
            if op is Op.REGEX:
                _check_pattern(value)
            condition = compare(op, tuple(value) if isinstance(value, list) else value)
            yield Not(condition) if name in _NEGATIONS else condition


def _check_pattern(value: str) -> None:
    try:
        pattern(value)
    except InvalidInput as error:
        raise error.within("regex") from None


@strawberry.input
class StringFilter(Operators):
    """Conditions on text, all of which must hold; absent values match only `ne`, `notIn` and `isNull`."""

    eq: str | None = _op("Equals this value.")
    ne: str | None = _op("Differs from this value, or is absent.")
    in_: list[str] | None = _op("Equals one of these values.", "in")
    not_in: list[str] | None = _op("Equals none of these values, or is absent.")
    contains: str | None = _op("Contains this. `%` and `_` have no special meaning.")
    gt: str | None = _op("Sorts after this, by Unicode code point.")
    gte: str | None = _op("Equals this or sorts after it.")
    lt: str | None = _op("Sorts before this.")
    lte: str | None = _op("Equals this or sorts before it.")
    starts_with: str | None = _op("Starts with this.")
    ends_with: str | None = _op("Ends with this.")
    i_contains: str | None = _op("Contains this, ignoring case.")
    regex: str | None = _op("Contains a match of this RE2 pattern; prefix it with `(?i)` to ignore case.")
    is_null: bool | None = _op(_IS_NULL)


@strawberry.input
class DateTimeFilter(Operators):
    """Conditions on a point in time."""

    eq: Nanos | None = _op("Equals this, to the nanosecond.")
    gt: Nanos | None = _op("Is after this.")
    gte: Nanos | None = _op("Is at or after this.")
    lt: Nanos | None = _op("Is before this.")
    lte: Nanos | None = _op("Is at or before this.")
    ne: Nanos | None = _op("Differs from this value, or is absent.")
    in_: list[Nanos] | None = _op("Equals one of these values.", "in")
    not_in: list[Nanos] | None = _op("Equals none of these values, or is absent.")
    is_null: bool | None = _op(_IS_NULL)


@strawberry.input
class IntFilter(Operators):
    """Conditions on an integer."""

    eq: int | None = _op("Equals this value.")
    ne: int | None = _op("Differs from this value, or is absent.")
    gt: int | None = _op("Is greater than this.")
    gte: int | None = _op("Is greater than or equal to this.")
    lt: int | None = _op("Is less than this.")
    lte: int | None = _op("Is less than or equal to this.")
    in_: list[int] | None = _op("Equals one of these values.", "in")
    not_in: list[int] | None = _op("Equals none of these values, or is absent.")
    is_null: bool | None = _op(_IS_NULL)


@strawberry.input
class NumberFilter(Operators):
    """Conditions on a number."""

    eq: float | None = _op("Equals this value.")
    ne: float | None = _op("Differs from this value, or is absent.")
    gt: float | None = _op("Is greater than this.")
    gte: float | None = _op("Is greater than or equal to this.")
    lt: float | None = _op("Is less than this.")
    lte: float | None = _op("Is less than or equal to this.")
    in_: list[float] | None = _op("Equals one of these values.", "in")
    not_in: list[float] | None = _op("Equals none of these values, or is absent.")
    is_null: bool | None = _op(_IS_NULL)


@strawberry.input
class BooleanFilter(Operators):
    """Conditions on a boolean."""

    eq: bool | None = _op("Equals this value.")
    ne: bool | None = _op("Differs from this value, or is absent.")
    is_null: bool | None = _op(_IS_NULL)


@strawberry.input
class TagsFilter(Operators):
    """Conditions on a list of text."""

    all_: list[str] | None = _op("Contains all of these.", "all")
    any_: list[str] | None = _op("Contains at least one of these.", "any")
    none: list[str] | None = _op("Contains none of these, or is absent.")
    is_empty: bool | None = _op("True matches empty or absent lists, false matches all others.")


@strawberry.input
class JsonFilter(Operators):
    """Conditions on a whole JSON value; use `attributes` to look inside."""

    eq: Json | None = _op("Is the same JSON value: the order of keys does not matter, but `1` differs from `1.0`.")
    ne: Json | None = _op("Is a different JSON value, or is absent.")
    is_null: bool | None = _op(_IS_NULL)
    is_json_null: bool | None = _op(
        "True matches a JSON null, which is a present value; false matches any other present value."
    )

    @override
    def apply(self, compare: Callable[[Op, Any], Condition]) -> Iterator[Condition]:
        """Yield a condition for each operator in use; JSON's null is a value like any other."""
        yield from super().apply(compare)
        if self.is_json_null is not None and self.is_json_null is not UNSET:
            is_null = compare(Op.EQ, Json("null"))
            yield is_null if self.is_json_null else AllOf((compare(Op.IS_NULL, False), Not(is_null)))  # noqa: FBT003 - a value


@strawberry.input
class SpanStatusFilter(Operators):
    """Conditions on the status of a span or a trace."""

    eq: SpanStatus | None = _op("Equals this value.")
    ne: SpanStatus | None = _op("Differs from this value.")
    in_: list[SpanStatus] | None = _op("Equals one of these values.", "in")
    not_in: list[SpanStatus] | None = _op("Equals none of these values.")


@strawberry.input
class SpanKindFilter(Operators):
    """Conditions on the span kind."""

    eq: SpanKind | None = _op("Equals this value.")
    ne: SpanKind | None = _op("Differs from this value, or is absent.")
    in_: list[SpanKind] | None = _op("Equals one of these values.", "in")
    not_in: list[SpanKind] | None = _op("Equals none of these values, or is absent.")
    is_null: bool | None = _op(_IS_NULL)


@strawberry.input
class StatusCodeFilter(Operators):
    """Conditions on the status code."""

    eq: StatusCode | None = _op("Equals this value.")
    ne: StatusCode | None = _op("Differs from this value, or is absent.")
    in_: list[StatusCode] | None = _op("Equals one of these values.", "in")
    not_in: list[StatusCode] | None = _op("Equals none of these values, or is absent.")
    is_null: bool | None = _op(_IS_NULL)


_BY_KIND: Mapping[Kind, type[Operators]] = MappingProxyType(
    {
        Kind.TEXT: StringFilter,
        Kind.TIME: DateTimeFilter,
        Kind.INT: IntFilter,
        Kind.NUMBER: NumberFilter,
        Kind.FLAG: BooleanFilter,
        Kind.TEXTS: TagsFilter,
        Kind.JSON: JsonFilter,
    }
)
_BY_ENUM: Mapping[Any, type[Operators]] = MappingProxyType(
    {SpanStatus: SpanStatusFilter, SpanKind: SpanKindFilter, StatusCode: StatusCodeFilter}
)


TESTS: Mapping[Kind, str] = MappingProxyType(
    {Kind.TEXT: "string", Kind.NUMBER: "number", Kind.FLAG: "boolean", Kind.JSON: "json"}
)
"""The tests of an attribute, by the kind of values that they are for."""


def filter_type(column: ColumnDef) -> type[Operators]:
    """Return the filter that is right for a column."""
    return _BY_ENUM[column.value_type] if column.kind is Kind.ENUM else _BY_KIND[column.kind]


def filter_of_kind(kind: Kind) -> type[Operators]:
    """Return the filter that is right for attributes whose values are of a kind."""
    return _BY_KIND[kind]


def operators_of(asked: type[Operators]) -> list[str]:
    """Return the operators of a filter by their names in the schema."""
    operators: Any = asked
    return [camel(field.name.rstrip("_")) for field in fields(operators)]
