"""Resolvers of sessions and threads."""

from collections.abc import Awaitable, Callable, Iterable
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
from .selection import Info, below, page_if_selected, record_places, resolve_info

_NO_WINDOW = Window(0)
_COLUMNS = {column.label: column.name for column in CONVERSATION_COLUMNS}


def _lists(together: Together) -> Callable[..., Awaitable[Connected[Conversation]]]:
    """Return the resolver of `sessions` or `threads`, which have the same arguments."""

    async def conversations(  # noqa: PLR0913, PLR0917 - the arguments of the field
        info: Info,
        filter: TraceFilterArgument = None,  # noqa: A002 - the argument's name in the schema
        having: ConversationFilterArgument = None,
        order_by: ConversationOrderArgument = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connected[Conversation]:
        totals = to_condition(having, "having")
        order = to_conversation_order(order_by)
        query = ConversationQuery(together, _NO_WINDOW, to_condition(filter), totals, order)
        return await _conversations(info, query, PageArguments(first, after, last, before))

    return conversations


sessions, threads = map(_lists, (Together.SESSION, Together.THREAD))


async def _conversations(info: Info, listed: ConversationQuery, arguments: PageArguments) -> Connected[Conversation]:
    raw = resolve_info(info)
    selected = below(record_places(raw), raw)
    wanted = frozenset(_COLUMNS[name] for name in selected if name in _COLUMNS)
    query = replace(listed, window=arguments.window(listed.fingerprint), columns=wanted)
    storage = info.context.storage
    page = await page_if_selected(info, storage.list_conversations, query)
    _set_kind(page.nodes, query.together)
    return Connected(page, query.order, listed.fingerprint, partial(storage.count_conversations, listed))


def _set_kind(conversations: Iterable[Conversation], together: Together) -> None:
    for each in conversations:
        each.together = together


SessionId: TypeAlias = Annotated[str, strawberry.argument(description="Id of the session.")]
ThreadId: TypeAlias = Annotated[str, strawberry.argument(description="Id of the thread.")]


async def session(info: Info, session_id: SessionId) -> Conversation | None:
    return await conversation(info, Together.SESSION, session_id)


async def thread(info: Info, thread_id: ThreadId) -> Conversation | None:
    return await conversation(info, Together.THREAD, thread_id)


async def conversation(info: Info, together: Together, identifier: str) -> Conversation | None:
    """Return the session or thread with an id; None if no trace has it."""
    query = ConversationQuery(together, Window(1), Compare(together.value, Op.EQ, identifier))
    nodes = (await info.context.storage.list_conversations(query)).nodes
    _set_kind(nodes, together)
    return nodes[0] if nodes else None


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
