"""The filters and orders of sessions and threads: what must hold of their sums, and what they are sorted by."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Annotated, TypeAlias

import strawberry

from spanwell.graphql.basics.derive import UNSET, asked_by
from spanwell.graphql.basics.enums import NullsPlacement, SortDirection
from spanwell.observability.questions.conversations import CONVERSATION_IDENTITY, NEWEST_ACTIVITY, SUMS
from spanwell.observability.questions.ordering import Order, total_order

from .logic import ALL, ANY, NOT, Logic, part
from .operators import filter_type
from .sorting import order_key

_value = strawberry.enum_value


@strawberry.input
@asked_by(SUMS, filter_type)
class ConversationFilter(Logic):
    """Asks about what a session or a thread sums up of its traces that meet the filter; everything given must hold."""

    and_: list[ConversationFilter] | None = part(ALL, "and")
    or_: list[ConversationFilter] | None = part(ANY, "or")
    not_: ConversationFilter | None = part(NOT, "not")


@strawberry.enum
class ConversationOrderField(Enum):
    """What sessions and threads can be sorted by."""

    LAST_ACTIVITY_AT = _value("last_activity_at", description="When the last of the traces to end did so.")
    FIRST_ACTIVITY_AT = _value("first_activity_at", description="When the first trace began.")
    TRACE_COUNT = _value("trace_count", description="How many traces there are.")
    ERROR_COUNT = _value("error_count", description="How many spans failed.")
    INPUT_TOKENS = _value("input_tokens", description="Tokens read.")
    OUTPUT_TOKENS = _value("output_tokens", description="Tokens written.")
    TOTAL_TOKENS = _value("total_tokens", description="All tokens.")
    COST = _value("cost_usd", description="The cost in US dollars.")
    ID = _value("conversation_id", description="The id, by Unicode code points.")


@strawberry.input
class ConversationOrder:
    """One key to sort sessions or threads by."""

    field: ConversationOrderField = strawberry.field(description="What to sort by.")
    direction: SortDirection = strawberry.field(description="Which way.", default=SortDirection.DESC)
    nulls: NullsPlacement | None = strawberry.field(
        description="Where what has no value goes. If left out: first when descending, else last.", default=UNSET
    )


def to_conversation_order(keys: Sequence[ConversationOrder] | None) -> Order:
    """Return the total order that some keys ask for; the newest activity first if there are none."""
    return total_order(map(order_key, keys), CONVERSATION_IDENTITY) if keys else NEWEST_ACTIVITY


ConversationFilterArgument: TypeAlias = Annotated[
    ConversationFilter | None, strawberry.argument(description="What must hold of their sums; all if left out.")
]
ConversationOrderArgument: TypeAlias = Annotated[
    list[ConversationOrder] | None,
    strawberry.argument(description="What to sort by, the most important key first; newest activity if left out."),
]
