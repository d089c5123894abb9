"""Sessions and threads as clients see them."""

import strawberry

from spanwell.graphql.basics.connections import Connected, PageInfo
from spanwell.graphql.basics.derive import read_from
from spanwell.graphql.basics.nodes import answered_by
from spanwell.observability.questions.conversations import CONVERSATION_COLUMNS, Conversation

_SHOWN = tuple(c for c in CONVERSATION_COLUMNS if c.name not in {"conversation_id", "last_trace_id"})
_LAST_TRACE = "The id of its newest trace: the one that began last."


def _id(conversation: strawberry.Parent[Conversation]) -> str:
    return conversation.conversation_id


async def _total(connection: strawberry.Parent[Connected[Conversation]]) -> int:
    return await connection.count()


@strawberry.type
@read_from(_SHOWN)
class Session:
    """The traces whose root spans name the same session, summed up."""

    session_id: str = answered_by(_id, "The session's id, as `Span.sessionId` states it.")
    last_trace_id: strawberry.ID = strawberry.field(description=_LAST_TRACE)


@strawberry.type
class SessionEdge:
    """A session and its place in the list."""

    cursor: str = strawberry.field(description="The session's place in the list, to be given as `after` or `before`.")
    node: Session = strawberry.field(description="The session.")


@strawberry.type
class SessionConnection:
    """A page of a list of sessions."""

    edges: list[SessionEdge] = strawberry.field(description="The sessions with their places.")
    nodes: list[Session] = strawberry.field(description="The sessions.")
    page_info: PageInfo = strawberry.field(description="Where the page lies in the list.")
    total_count: int = answered_by(_total, "How many there are in all, exactly; counted only when it is selected.")


@strawberry.type
@read_from(_SHOWN)
class Thread:
    """The traces whose root spans name the same thread (a conversation), summed up."""

    thread_id: str = answered_by(_id, "The thread's id, as `Span.threadId` states it.")
    last_trace_id: strawberry.ID = strawberry.field(description=_LAST_TRACE)


@strawberry.type
class ThreadEdge:
    """A thread and its place in the list."""

    cursor: str = strawberry.field(description="The thread's place in the list, to be given as `after` or `before`.")
    node: Thread = strawberry.field(description="The thread.")


@strawberry.type
class ThreadConnection:
    """A page of a list of threads."""

    edges: list[ThreadEdge] = strawberry.field(description="The threads with their places.")
    nodes: list[Thread] = strawberry.field(description="The threads.")
    page_info: PageInfo = strawberry.field(description="Where the page lies in the list.")
    total_count: int = answered_by(_total, "How many there are in all, exactly; counted only when it is selected.")
