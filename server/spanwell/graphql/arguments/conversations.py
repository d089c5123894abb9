"""The filters and orders of sessions and threads: what must hold of their sums, and what they are sorted by."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Annotated, TypeAlias

import strawberry

from spanwell.graphql.basics.derive import UNSET, asked_by
from spanwell.graphql.basics.enums import NullsPlacement, SortDirection
from spanwell.observability.questions.conditions import AllOf, Condition, HasTrace
from spanwell.observability.questions.conversations import CONVERSATION_IDENTITY, NEWEST_ACTIVITY, SUMS
from spanwell.observability.questions.ordering import Order, total_order

from .filters import TraceFilter
from .logic import ALL, ANY, EVERY, NONE, NOT, SOME, Logic, part, quantified
from .operators import filter_type
from .sorting import order_key

_value = strawberry.enum_value


@strawberry.input
class ConversationTracesFilter:
    """Filters by the traces of a session or thread, of those that match the list's `filter`."""

    some: TraceFilter | None = part(SOME)
    none: TraceFilter | None = part(NONE)
    every: TraceFilter | None = part(EVERY)

    def to_condition(self, _name: str, depth: int) -> Condition:
        """Return what the filter means. Raises `InvalidInput`."""
        return AllOf(tuple(quantified(HasTrace, depth, self.some, self.none, self.every)))


@strawberry.input
@asked_by(SUMS, filter_type)
class ConversationFilter(Logic):
    """Filters sessions or threads by their matching traces and aggregates over these; all conditions must hold."""

    and_: list[ConversationFilter] | None = part(ALL, "and")
    or_: list[ConversationFilter] | None = part(ANY, "or")
    not_: ConversationFilter | None = part(NOT, "not")
    traces: ConversationTracesFilter | None = part("Filters by its traces.")


@strawberry.enum
class ConversationOrderField(Enum):
    """Fields that sessions and threads can be sorted by."""

    LAST_ACTIVITY_AT = _value("last_activity_at", description="End of the last trace to end.")
    FIRST_ACTIVITY_AT = _value("first_activity_at", description="Start of the first trace.")
    TRACE_COUNT = _value("trace_count", description="Number of traces.")
    ERROR_COUNT = _value("error_count", description="Number of spans with status ERROR.")
    INPUT_TOKENS = _value("input_tokens", description="Input tokens.")
    OUTPUT_TOKENS = _value("output_tokens", description="Output tokens.")
    TOTAL_TOKENS = _value("total_tokens", description="Total tokens.")
    COST = _value("cost_usd", description="Cost in US dollars.")
    ID = _value("conversation_id", description="The id, by Unicode code point.")


@strawberry.input
class ConversationOrder:
    """A sort key for sessions or threads."""

    field: ConversationOrderField = strawberry.field(description="Field to sort by.")
    direction: SortDirection = strawberry.field(description="Sort direction.", default=SortDirection.DESC)
    nulls: NullsPlacement | None = strawberry.field(
        description="Where to put items without a value. Default: first when descending, last when ascending.",
        default=UNSET,
    )


def to_conversation_order(keys: Sequence[ConversationOrder] | None) -> Order:
    """Return the total order of some sort keys; latest activity first without keys."""
    return total_order(map(order_key, keys), CONVERSATION_IDENTITY) if keys else NEWEST_ACTIVITY


ConversationFilterArgument: TypeAlias = Annotated[
    ConversationFilter | None, strawberry.argument(description="Conditions on the sessions or threads; default none.")
]
ConversationOrderArgument: TypeAlias = Annotated[
    list[ConversationOrder] | None,
    strawberry.argument(description="Sort keys, most significant first; default is the latest activity first."),
]
