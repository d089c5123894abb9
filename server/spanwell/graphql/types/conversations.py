"""Sessions and threads as clients see them."""

from typing import TypeAlias

import strawberry

from spanwell.graphql.basics.connections import Connection
from spanwell.graphql.basics.derive import read_from
from spanwell.graphql.basics.nodes import answered_by
from spanwell.observability.questions.conversations import CONVERSATION_COLUMNS, Conversation

_SHOWN = tuple(c for c in CONVERSATION_COLUMNS if c.name not in {"conversation_id", "last_trace_id"})
_LAST_TRACE = "The id of its newest trace: the one that began last."


def _id(conversation: strawberry.Parent[Conversation]) -> str:
    return conversation.conversation_id


@strawberry.type
@read_from(_SHOWN)
class Session:
    """The traces whose root spans name the same session, summed up."""

    session_id: str = answered_by(_id, "The session's id, as `Span.sessionId` states it.")
    last_trace_id: strawberry.ID = strawberry.field(description=_LAST_TRACE)


SessionConnection: TypeAlias = Connection[Session]
"""A page of a list of sessions."""


@strawberry.type
@read_from(_SHOWN)
class Thread:
    """The traces whose root spans name the same thread (a conversation), summed up."""

    thread_id: str = answered_by(_id, "The thread's id, as `Span.threadId` states it.")
    last_trace_id: strawberry.ID = strawberry.field(description=_LAST_TRACE)


ThreadConnection: TypeAlias = Connection[Thread]
"""A page of a list of threads."""
