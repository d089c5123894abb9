"""The operators that a filter offers for each kind of value, and the comparisons they make."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import partial
from types import MappingProxyType
from typing import Any

import strawberry
from typing_extensions import override

from spanwell.graphql.basics.derive import UNSET
from spanwell.graphql.basics.enums import SpanKind, SpanStatus, StatusCode
from spanwell.observability.model.columns import ColumnDef, Json, Kind, Nanos, camel
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.identifiers import ASKED_IDENTIFIERS
from spanwell.observability.questions.conditions import AllOf, Attribute, Compare, Condition, Not, Op
from spanwell.observability.questions.identities import compare_identifier
from spanwell.observability.questions.operators import pattern


def _op(description: str, name: str | None = None) -> Any:
    return strawberry.field(description=description, default=UNSET, name=name)


_NEGATIONS: Mapping[str, Op] = MappingProxyType({"ne": Op.EQ, "notIn": Op.IN, "none": Op.ANY})
"""Operators that negate another, and so hold of an absent value."""

_OWN_MEANING = frozenset({"isJsonNull"})
"""Operators of a single filter, which says what they mean."""

_IS_NULL = "True finds what is absent, false what is there."


class Operators:
    """A filter's operators; all that are set must hold."""

    def conditions(self, column: str | Attribute) -> Iterator[Condition]:
        """Yield the conditions of a column that the filter states. Raises `InvalidInput` naming the operator."""
        if isinstance(column, str) and column in ASKED_IDENTIFIERS:
            return self.apply(partial(compare_identifier, column))
        return self.apply(partial(Compare, column))

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
    """Asks about text. Several operators must all hold; what is absent meets none but `ne`."""

    eq: str | None = _op("Is exactly this.")
    ne: str | None = _op("Is not this, or absent.")
    in_: list[str] | None = _op("Is one of these.", "in")
    not_in: list[str] | None = _op("Is none of these, or absent.")
    contains: str | None = _op("Has this in it. `%` and `_` mean themselves.")
    gt: str | None = _op("Comes after this, by Unicode code points.")
    gte: str | None = _op("Is this or comes after it.")
    lt: str | None = _op("Comes before this.")
    lte: str | None = _op("Is this or comes before it.")
    starts_with: str | None = _op("Begins with this.")
    ends_with: str | None = _op("Ends with this.")
    i_contains: str | None = _op("Has this in it, in upper or lower case.")
    regex: str | None = _op("Matches this RE2 pattern somewhere; `(?i)` in front ignores case.")
    is_null: bool | None = _op(_IS_NULL)


@strawberry.input
class DateTimeFilter(Operators):
    """Asks about a moment."""

    eq: Nanos | None = _op("Is exactly this, to the nanosecond.")
    gt: Nanos | None = _op("Is after this.")
    gte: Nanos | None = _op("Is this or after it.")
    lt: Nanos | None = _op("Is before this.")
    lte: Nanos | None = _op("Is this or before it.")
    ne: Nanos | None = _op("Is not this, or absent.")
    in_: list[Nanos] | None = _op("Is one of these.", "in")
    not_in: list[Nanos] | None = _op("Is none of these, or absent.")
    is_null: bool | None = _op(_IS_NULL)


@strawberry.input
class IntFilter(Operators):
    """Asks about a whole number."""

    eq: int | None = _op("Is exactly this.")
    ne: int | None = _op("Is not this, or absent.")
    gt: int | None = _op("Is greater than this.")
    gte: int | None = _op("Is this or greater.")
    lt: int | None = _op("Is less than this.")
    lte: int | None = _op("Is this or less.")
    in_: list[int] | None = _op("Is one of these.", "in")
    not_in: list[int] | None = _op("Is none of these, or absent.")
    is_null: bool | None = _op(_IS_NULL)


@strawberry.input
class NumberFilter(Operators):
    """Asks about a number."""

    eq: float | None = _op("Is exactly this.")
    ne: float | None = _op("Is not this, or absent.")
    gt: float | None = _op("Is greater than this.")
    gte: float | None = _op("Is this or greater.")
    lt: float | None = _op("Is less than this.")
    lte: float | None = _op("Is this or less.")
    in_: list[float] | None = _op("Is one of these.", "in")
    not_in: list[float] | None = _op("Is none of these, or absent.")
    is_null: bool | None = _op(_IS_NULL)


@strawberry.input
class BooleanFilter(Operators):
    """Asks about true and false."""

    eq: bool | None = _op("Is this.")
    ne: bool | None = _op("Is not this, or absent.")
    is_null: bool | None = _op(_IS_NULL)


@strawberry.input
class TagsFilter(Operators):
    """Asks about a list of texts."""

    all_: list[str] | None = _op("Has all of these.", "all")
    any_: list[str] | None = _op("Has at least one of these.", "any")
    none: list[str] | None = _op("Has none of these, or is absent.")
    is_empty: bool | None = _op("True finds what is empty or absent, false what has something in it.")


@strawberry.input
class JsonFilter(Operators):
    """Asks about a JSON value as a whole; `attributes` looks inside."""

    eq: Json | None = _op("Means the same: the order of keys does not count, `1` is not `1.0`.")
    ne: Json | None = _op("Does not mean the same, or is absent.")
    is_null: bool | None = _op(_IS_NULL)
    is_json_null: bool | None = _op("True finds JSON's null, which is there; false what is there and is not null.")

    @override
    def apply(self, compare: Callable[[Op, Any], Condition]) -> Iterator[Condition]:
        """Yield a condition for each operator in use; JSON's null is a value like any other."""
        yield from super().apply(compare)
        if self.is_json_null is not None and self.is_json_null is not UNSET:
            is_null = compare(Op.EQ, Json("null"))
            yield is_null if self.is_json_null else AllOf((compare(Op.IS_NULL, False), Not(is_null)))  # noqa: FBT003 - a value


@strawberry.input
class SpanStatusFilter(Operators):
    """Asks how a span or a trace stands."""

    eq: SpanStatus | None = _op("Is this.")
    ne: SpanStatus | None = _op("Is not this.")
    in_: list[SpanStatus] | None = _op("Is one of these.", "in")
    not_in: list[SpanStatus] | None = _op("Is none of these.")


@strawberry.input
class SpanKindFilter(Operators):
    """Asks about the role of a span in a call."""

    eq: SpanKind | None = _op("Is this.")
    ne: SpanKind | None = _op("Is not this, or absent.")
    in_: list[SpanKind] | None = _op("Is one of these.", "in")
    not_in: list[SpanKind] | None = _op("Is none of these, or absent.")
    is_null: bool | None = _op(_IS_NULL)


@strawberry.input
class StatusCodeFilter(Operators):
    """Asks what the instrumentation said of the outcome."""

    eq: StatusCode | None = _op("Is this.")
    ne: StatusCode | None = _op("Is not this, or absent.")
    in_: list[StatusCode] | None = _op("Is one of these.", "in")
    not_in: list[StatusCode] | None = _op("Is none of these, or absent.")
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
