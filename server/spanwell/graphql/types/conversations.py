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
_LAST_TRACE = "Id of the trace that started last."


def _id(conversation: strawberry.Parent[Conversation]) -> str:
    return conversation.conversation_id


def _global_id(conversation: strawberry.Parent[Conversation]) -> str:
    kind = "Thread" if conversation.together is Together.THREAD else "Session"
    return global_id(kind, conversation.conversation_id)


@strawberry.type
@read_from(_SHOWN)
class Session(Node):
    """The traces whose root spans have the same session id, aggregated."""

    id: strawberry.ID = answered_by(_global_id, "Global id, made from `sessionId`.")
    session_id: str = answered_by(_id, "Id of the session, as in `Span.sessionId`.")
    traces: TraceConnection = answered_by(
        conversation_traces,
        "All its traces that match a filter, newest first, whether or not its totals include them.",
    )
    last_trace_id: strawberry.ID = strawberry.field(description=_LAST_TRACE)
    scores: ScoreConnection = answered_by(lists.scores_of, "Scores with this session id, newest first.")
    feedback: FeedbackConnection = answered_by(lists.feedback_of, "Feedback with this session id, newest first.")

    @classmethod
    def is_type_of(cls, record: object, _: object) -> bool:
        """Return whether a record is a session."""
        return isinstance(record, Conversation) and record.together is Together.SESSION


SessionConnection: TypeAlias = Connection[Session]
"""A page of a list of sessions."""


@strawberry.type
@read_from(_SHOWN)
class Thread(Node):
    """The traces whose root spans have the same thread (conversation) id, aggregated."""

    id: strawberry.ID = answered_by(_global_id, "Global id, made from `threadId`.")
    thread_id: str = answered_by(_id, "Id of the thread, as in `Span.threadId`.")
    traces: TraceConnection = answered_by(
        conversation_traces,
        "All its traces that match a filter, newest first, whether or not its totals include them.",
    )
    last_trace_id: strawberry.ID = strawberry.field(description=_LAST_TRACE)

    scores: ScoreConnection = answered_by(lists.scores_of, "Scores with this thread id, newest first.")
    feedback: FeedbackConnection = answered_by(lists.feedback_of, "Feedback with this thread id, newest first.")

    @classmethod
    def is_type_of(cls, record: object, _: object) -> bool:
        """Return whether a record is a thread."""
        return isinstance(record, Conversation) and record.together is Together.THREAD


ThreadConnection: TypeAlias = Connection[Thread]
"""A page of a list of threads."""
