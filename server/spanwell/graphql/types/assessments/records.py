"""Scores and feedback: the types read the domain's records; none copies one."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

from spanwell.graphql.basics.connections import Connection
from spanwell.graphql.basics.derive import read_from
from spanwell.graphql.basics.nodes import Node, answered_by
from spanwell.graphql.resolvers import relatives
from spanwell.observability.model.assessments import ASSESSMENT_COLUMNS, AssessmentKind, Feedback, Score
from spanwell.observability.model.identifiers import global_id

if TYPE_CHECKING:
    from spanwell.graphql.types.spans import SpanType
    from spanwell.graphql.types.traces import TraceType

_Span: TypeAlias = Annotated["SpanType", strawberry.lazy("spanwell.graphql.types.spans")]
_Trace: TypeAlias = Annotated["TraceType", strawberry.lazy("spanwell.graphql.types.traces")]
_SPAN = "The span it is about; null if it names none, or that span does not exist."
_TRACE = "The trace it is about, or the trace of its span; null if it names none, or that trace does not exist."


def _score_id(score: strawberry.Parent[Score]) -> str:
    return global_id("Score", score.score_id)


def _feedback_id(feedback: strawberry.Parent[Feedback]) -> str:
    return global_id("Feedback", feedback.feedback_id)


@strawberry.type(name="Score")
@read_from(ASSESSMENT_COLUMNS[AssessmentKind.SCORE])
class ScoreType(Node):
    """A scorer's evaluation of a span, a trace or a session."""

    id: strawberry.ID = answered_by(_score_id, "Global id, made from `scoreId`.")
    span: _Span | None = answered_by(relatives.named_span, _SPAN)
    trace: _Trace | None = answered_by(relatives.trace_of, _TRACE)

    @classmethod
    def is_type_of(cls, record: object, _: object) -> bool:
        """Return whether a record is a score."""
        return isinstance(record, Score)


@strawberry.type(name="Feedback")
@read_from(ASSESSMENT_COLUMNS[AssessmentKind.FEEDBACK])
class FeedbackType(Node):
    """Feedback from a person, or from an application on a person's behalf, on a span, a trace or a session."""

    id: strawberry.ID = answered_by(_feedback_id, "Global id, made from `feedbackId`.")
    span: _Span | None = answered_by(relatives.named_span, _SPAN)
    trace: _Trace | None = answered_by(relatives.trace_of, _TRACE)

    @classmethod
    def is_type_of(cls, record: object, _: object) -> bool:
        """Return whether a record is feedback."""
        return isinstance(record, Feedback)


ScoreConnection: TypeAlias = Connection[ScoreType]
"""A page of a list of scores."""

FeedbackConnection: TypeAlias = Connection[FeedbackType]
"""A page of a list of feedback."""
