"""The orders that clients ask for."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum
from typing import Protocol

import strawberry

from spanwell.graphql.basics.derive import UNSET
from spanwell.graphql.basics.enums import Level, NullsPlacement, SortDirection, SpanOrderField, TraceOrderField
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.questions.conditions import MANY, Attribute
from spanwell.observability.questions.ordering import Order, OrderKey, total_order
from spanwell.observability.questions.pointers import attribute_pointer

_KEY = "With `field: ATTRIBUTE`, the attribute key as in `AttributeFilter`. Numbers and text are sorted separately."
_LEVEL = "Where the attribute is looked up."
_NULLS = (
    "Where to put items without a value. Default: first when descending, so running ones are on top; last when "
    "ascending."
)


@strawberry.input
class TraceOrder:
    """A sort key for traces."""

    field: TraceOrderField = strawberry.field(description="Field to sort by.")
    direction: SortDirection = strawberry.field(description="Sort direction.", default=SortDirection.DESC)
    nulls: NullsPlacement | None = strawberry.field(description=_NULLS, default=UNSET)
    key: str | None = strawberry.field(description=_KEY, default=UNSET)
    level: Level = strawberry.field(description=_LEVEL, default=Level.SPAN)


@strawberry.input
class SpanOrder:
    """A sort key for spans."""

    field: SpanOrderField = strawberry.field(description="Field to sort by.")
    direction: SortDirection = strawberry.field(description="Sort direction.", default=SortDirection.DESC)
    nulls: NullsPlacement | None = strawberry.field(description=_NULLS, default=UNSET)
    key: str | None = strawberry.field(description=_KEY, default=UNSET)
    level: Level = strawberry.field(description=_LEVEL, default=Level.SPAN)


def to_order(keys: Sequence[TraceOrder | SpanOrder] | None, identity: Order, otherwise: Order) -> Order:
    """Return the total order of some sort keys, or the default order. Raises `InvalidInput`."""
    if not keys:
        return otherwise
    found: list[OrderKey] = []
    for index, asked in enumerate(keys):
        try:
            found += _keys(asked)
        except InvalidInput as error:
            raise error.within(f"orderBy[{index}]") from None
    return total_order(found, identity)


class SortKey(Protocol):
    """What every input says that names a key to sort by."""

    @property
    def field(self) -> Enum:
        """The column, as the value of an enum."""
        ...

    @property
    def direction(self) -> SortDirection:
        """Sort direction."""
        ...

    @property
    def nulls(self) -> NullsPlacement | None:
        """Where records without a value go; Strawberry's `UNSET` if left out."""
        ...


def order_key(asked: SortKey) -> OrderKey:
    """Return the key of a column. Records without a value come first when descending, unless the client places them."""
    descending = asked.direction is SortDirection.DESC
    nulls_first = asked.nulls is NullsPlacement.FIRST if isinstance(asked.nulls, NullsPlacement) else descending
    return OrderKey(str(asked.field.value), descending, nulls_first)


def _keys(asked: TraceOrder | SpanOrder) -> Iterator[OrderKey]:
    """Yield the order keys; for an attribute, first its numbers and then its texts."""
    key = order_key(asked)
    if asked.field not in {SpanOrderField.ATTRIBUTE, TraceOrderField.ATTRIBUTE}:
        if isinstance(asked.key, str):
            raise InvalidInput("is only for `field: ATTRIBUTE`", "key")
        yield key
        return
    for kind in (Kind.NUMBER, Kind.TEXT):
        attribute = Attribute(asked.level, _pointer(asked), kind)
        yield replace(key, column=asked.level.value, attribute=attribute)


def _pointer(asked: TraceOrder | SpanOrder) -> str:
    if not isinstance(asked.key, str):
        raise InvalidInput("is missing: it names the attribute", "key")
    if asked.level in MANY:
        raise InvalidInput("has several values in a span", "level")
    try:
        return attribute_pointer(asked.level, asked.key)
    except InvalidInput as error:
        raise error.within("key") from None
