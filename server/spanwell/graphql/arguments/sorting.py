"""The orders that clients ask for."""

from collections.abc import Sequence

import strawberry

from spanwell.graphql.basics.derive import UNSET
from spanwell.graphql.basics.enums import NullsPlacement, SortDirection, SpanOrderField, TraceOrderField
from spanwell.observability.questions.ordering import Order, OrderKey, total_order

_NULLS = "Where records without a value go. If left out: first when descending, so running ones are on top; else last."


@strawberry.input
class TraceOrder:
    """One key to sort traces by."""

    field: TraceOrderField = strawberry.field(description="What to sort by.")
    direction: SortDirection = strawberry.field(description="Which way.", default=SortDirection.DESC)
    nulls: NullsPlacement | None = strawberry.field(description=_NULLS, default=UNSET)


@strawberry.input
class SpanOrder:
    """One key to sort spans by."""

    field: SpanOrderField = strawberry.field(description="What to sort by.")
    direction: SortDirection = strawberry.field(description="Which way.", default=SortDirection.DESC)
    nulls: NullsPlacement | None = strawberry.field(description=_NULLS, default=UNSET)


def to_order(keys: Sequence[TraceOrder | SpanOrder] | None, identity: Order, otherwise: Order) -> Order:
    """Return the total order that some keys ask for; the usual one if there are none."""
    return total_order(map(_key, keys), identity) if keys else otherwise


def _key(asked: TraceOrder | SpanOrder) -> OrderKey:
    descending = asked.direction is SortDirection.DESC
    placed = asked.nulls if isinstance(asked.nulls, NullsPlacement) else None
    nulls_first = descending if placed is None else placed is NullsPlacement.FIRST
    return OrderKey(str(asked.field.value), descending, nulls_first)
