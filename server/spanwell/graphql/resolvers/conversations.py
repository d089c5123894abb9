"""Reads sessions and threads: the arguments, one call, and the page that it gives."""

from functools import partial

from spanwell.graphql.arguments.filters import to_condition
from spanwell.graphql.arguments.paging import PageArguments
from spanwell.graphql.arguments.shared import After, Before, First, Last, TraceFilterArgument
from spanwell.graphql.basics.connections import Connected
from spanwell.observability.questions.conversations import NEWEST_ACTIVITY, Conversation, ConversationQuery, Together
from spanwell.observability.questions.queries import Window

from .selection import Info

_NO_WINDOW = Window(0)


async def sessions(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    filter: TraceFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connected[Conversation]:
    return await _conversations(info, Together.SESSION, filter, PageArguments(first, after, last, before))


async def threads(  # noqa: PLR0913, PLR0917 - the arguments of the field
    info: Info,
    filter: TraceFilterArgument = None,  # noqa: A002 - the argument's name in the schema
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connected[Conversation]:
    return await _conversations(info, Together.THREAD, filter, PageArguments(first, after, last, before))


async def _conversations(
    info: Info, together: Together, asked: TraceFilterArgument, arguments: PageArguments
) -> Connected[Conversation]:
    where = to_condition(asked)
    bound_to = ConversationQuery(together, _NO_WINDOW, where).fingerprint()
    query = ConversationQuery(together, arguments.window(bound_to), where)
    storage = info.context.storage
    page = await storage.list_conversations(query)
    return Connected(page, NEWEST_ACTIVITY, bound_to, partial(storage.count_conversations, together, where))
