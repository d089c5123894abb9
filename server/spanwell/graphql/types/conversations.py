"""Sessions and threads as clients see them."""

from typing import TypeAlias

import strawberry

from spanwell.graphql.basics.connections import Connection
from spanwell.graphql.basics.derive import read_from
from spanwell.graphql.basics.nodes import Node, answered_by
from spanwell.graphql.resolvers.assessments import lists
from spanwell.graphql.resolvers.conversations import conversation_traces
from spanwell.observability.model.identifiers import global_id
from spanwell.observability.questions.conversations import CONVERSATION_COLUMNS, Conversation, Together

from .assessments.records import FeedbackConnection, ScoreConnection
from .traces import TraceConnection

_SHOWN = tuple(c for c in CONVERSATION_COLUMNS if c.name not in {"conversation_id", "last_trace_id"})
_LAST_TRACE = "The id of its newest trace: the one that began last."


def _id(conversation: strawberry.Parent[Conversation]) -> str:
    return conversation.conversation_id


def _global_id(conversation: strawberry.Parent[Conversation]) -> str:
    kind = "Thread" if conversation.together is Together.THREAD else "Session"
    return global_id(kind, conversation.conversation_id)


@strawberry.type
@read_from(_SHOWN)
class Session(Node):
    """The traces whose root spans name the same session, summed up."""

    id: strawberry.ID = answered_by(_global_id, "The session's global id, made of `sessionId`.")
    session_id: str = answered_by(_id, "The session's id, as `Span.sessionId` states it.")
    traces: TraceConnection = answered_by(
        conversation_traces, "Its traces that meet a filter, newest first; also those that its figures leave out."
    )
    last_trace_id: strawberry.ID = strawberry.field(description=_LAST_TRACE)
    scores: ScoreConnection = answered_by(lists.scores_of, "The scores that name the session, the newest first.")
    feedback: FeedbackConnection = answered_by(
        lists.feedback_of, "The feedback that names the session, the newest first."
    )

    @classmethod
    def is_type_of(cls, record: object, _: object) -> bool:
        """Return whether a record is a session."""
        return isinstance(record, Conversation) and record.together is Together.SESSION


SessionConnection: TypeAlias = Connection[Session]
"""A page of a list of sessions."""


@strawberry.type
@read_from(_SHOWN)
class Thread(Node):
    """The traces whose root spans name the same thread (a conversation), summed up."""

    id: strawberry.ID = answered_by(_global_id, "The thread's global id, made of `threadId`.")
    thread_id: str = answered_by(_id, "The thread's id, as `Span.threadId` states it.")
    traces: TraceConnection = answered_by(
        conversation_traces, "Its traces that meet a filter, newest first; also those that its figures leave out."
    )
    last_trace_id: strawberry.ID = strawberry.field(description=_LAST_TRACE)

    scores: ScoreConnection = answered_by(lists.scores_of, "The scores that name the thread, the newest first.")
    feedback: FeedbackConnection = answered_by(
        lists.feedback_of, "The feedback that names the thread, the newest first."
    )

    @classmethod
    def is_type_of(cls, record: object, _: object) -> bool:
        """Return whether a record is a thread."""
        return isinstance(record, Conversation) and record.together is Together.THREAD


ThreadConnection: TypeAlias = Connection[Thread]
"""A page of a list of threads."""
