"""Reads sessions and threads: the arguments, one call, and the page that it gives."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Annotated, TypeAlias

import strawberry

from spanwell.graphql.arguments.conversations import (
    ConversationFilterArgument,
    ConversationOrderArgument,
    to_conversation_order,
)
from spanwell.graphql.arguments.logic import to_condition
from spanwell.graphql.arguments.paging import PageArguments
from spanwell.graphql.arguments.shared import (
    After,
    Before,
    First,
    Last,
    Offset,
    TraceFilterArgument,
    TraceOrderArgument,
)
from spanwell.graphql.basics.connections import Connected
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import AllOf, Compare, Op
from spanwell.observability.questions.conversations import (
    CONVERSATION_COLUMNS,
    Conversation,
    ConversationQuery,
    Together,
)
from spanwell.observability.questions.queries import Window

from .queries import list_traces
from .selection import Info, below, nodes_of, resolve_info

_NO_WINDOW = Window(0)
_COLUMNS = {column.label: column.name for column in CONVERSATION_COLUMNS}


async def sessions(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    filter: TraceFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    having: ConversationFilterArgument = None,
    order_by: ConversationOrderArgument = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connected[Conversation]:
    query = _query(Together.SESSION, filter, having, order_by)
    return await _conversations(info, query, PageArguments(first, after, last, before))


async def threads(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    filter: TraceFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    having: ConversationFilterArgument = None,
    order_by: ConversationOrderArgument = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connected[Conversation]:
    query = _query(Together.THREAD, filter, having, order_by)
    return await _conversations(info, query, PageArguments(first, after, last, before))


def _query(
    together: Together,
    asked: TraceFilterArgument,
    having: ConversationFilterArgument,
    order_by: ConversationOrderArgument,
) -> ConversationQuery:
    """Return the list that is asked for, of which the page is still to be told."""
    sums = to_condition(having, "having")
    return ConversationQuery(together, _NO_WINDOW, to_condition(asked), sums, to_conversation_order(order_by))


async def _conversations(info: Info, listed: ConversationQuery, arguments: PageArguments) -> Connected[Conversation]:
    bound_to = listed.fingerprint()
    raw = resolve_info(info)
    selected = below(nodes_of(below(raw.field_nodes, raw), raw), raw)
    wanted = frozenset(_COLUMNS[name] for name in selected if name in _COLUMNS)
    query = replace(listed, window=arguments.window(bound_to), columns=wanted)
    storage = info.context.storage
    page = await storage.list_conversations(query)
    _name(page.nodes, query.together)
    return Connected(page, query.order, bound_to, partial(storage.count_conversations, listed))


def _name(found: Iterable[Conversation], together: Together) -> None:
    for each in found:
        each.together = together


SessionId: TypeAlias = Annotated[str, strawberry.argument(description="Id of the session.")]
ThreadId: TypeAlias = Annotated[str, strawberry.argument(description="Id of the thread.")]


async def session(info: Info, session_id: SessionId) -> Conversation | None:
    return await conversation(info, Together.SESSION, session_id)


async def thread(info: Info, thread_id: ThreadId) -> Conversation | None:
    return await conversation(info, Together.THREAD, thread_id)


async def conversation(info: Info, together: Together, name: str) -> Conversation | None:
    """Return the session or thread of an id; None if no trace names it."""
    query = ConversationQuery(together, Window(1), Compare(together.value, Op.EQ, name))
    found = (await info.context.storage.list_conversations(query)).nodes
    _name(found, together)
    return found[0] if found else None


async def conversation_traces(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    conversation: strawberry.Parent[Conversation],
    filter: TraceFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    order_by: TraceOrderArgument = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    offset: Offset = None,
) -> Connected[Trace]:
    together = Compare((conversation.together or Together.SESSION).value, Op.EQ, conversation.conversation_id)
    where = AllOf((to_condition(filter), together))
    return await list_traces(info, where, order_by, PageArguments(first, after, last, before, offset))
