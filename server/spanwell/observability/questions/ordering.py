"""Total orders of records, and positions in them.

Every list is ordered by its keys, and then by the record's identity. So no two records have the same position, and a
page can begin after a position regardless of later writes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from types import NoneType
from typing import Any, TypeAlias, TypeVar

import msgspec

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.record import column_value
from spanwell.observability.model.span import Span

from .conditions import Attribute
from .pointers import direct

Position: TypeAlias = tuple[Any, ...]
"""The values of a record's order keys, then of its identity."""

R = TypeVar("R")

LONGEST_KEY = 200
"""The number of characters by which text attributes are ordered, so that positions stay short."""


@dataclass(frozen=True)
class OrderKey:
    """A key of an order; `nulls_first` decides where records without a value go.

    For an attribute the key is its number, or the beginning of its text.
    """

    column: str
    descending: bool = False
    nulls_first: bool = False
    attribute: Attribute | None = None

    def reversed(self) -> "OrderKey":
        """Return the key of the reversed order."""
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)

    def value(self, record: object) -> Any:
        """Return the value of the key for a record, or None."""
        found = column_value(record, self.column)
        if self.attribute is None or found is None:
            return found
        value = direct(msgspec.json.decode(found), self.attribute.pointer)
        if self.attribute.kind is Kind.TEXT:
            return value[:LONGEST_KEY] if isinstance(value, str) else None
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


Order: TypeAlias = tuple[OrderKey, ...]

TRACE_IDENTITY: Order = (OrderKey("trace_id"),)
SPAN_IDENTITY: Order = (OrderKey("trace_id"), OrderKey("span_id"))

NEWEST_TRACES: Order = (OrderKey("started_at", descending=True, nulls_first=True), *TRACE_IDENTITY)
NEWEST_SPANS: Order = (OrderKey("started_at", descending=True, nulls_first=True), *SPAN_IDENTITY)
OLDEST_SPANS: Order = (OrderKey("started_at"), *SPAN_IDENTITY)


def total_order(keys: Iterable[OrderKey], identity: Order) -> Order:
    """Return a total order: each column once, then the identity."""
    by_column: dict[tuple[str, Attribute | None], OrderKey] = {}
    for key in (*keys, *identity):
        by_column.setdefault((key.column, key.attribute), key)
    return tuple(by_column.values())


def reverse(order: Order) -> Order:
    """Return the reversed order."""
    return tuple(key.reversed() for key in order)


def position(record: object, order: Order) -> Position:
    """Return a record's position in an order."""
    return tuple(key.value(record) for key in order)


def compare(left: Position, right: Position, order: Order) -> int:
    """Return whether one position comes before (-1), at (0) or after (1) another."""
    for key, a, b in zip(order, left, right, strict=True):
        if a == b:
            continue
        if a is None or b is None:
            return -1 if (a is None) == key.nulls_first else 1
        return -1 if (a < b) != key.descending else 1
    return 0


def ordered(records: Iterable[R], order: Order) -> list[R]:
    """Return records sorted by an order."""
    found = list(records)
    for key in reversed(order):  # the sort is stable: sort by the first key last
        plain = _plain_reader(found, key)
        found.sort(key=plain or partial(_rank, key=key), reverse=key.descending)
    return found


def _plain_reader(records: Sequence[object], key: OrderKey) -> Callable[[object], Any] | None:
    """Return what reads a key from spans that all have it, so that sorting calls no function of ours."""
    if key.attribute is None and set(map(type, records)) == {Span}:
        read = attrgetter(key.column)
        return read if NoneType not in map(type, map(read, records)) else None
    return None


def _rank(record: object, key: OrderKey) -> tuple[bool, Any]:
    value = key.value(record)
    if value is None:
        return key.nulls_first == key.descending, None
    return key.nulls_first != key.descending, value


def between(records: Sequence[R], order: Order, after: Position | None, before: Position | None) -> list[R]:
    """Return the records strictly between two positions."""
    return [
        record
        for record in records
        if (after is None or compare(position(record, order), after, order) > 0)
        and (before is None or compare(position(record, order), before, order) < 0)
    ]
