"""Spans as clients see them. The types read the domain's records; none copies one."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

from spanwell.graphql.basics.connections import Connection
from spanwell.graphql.basics.derive import read_from
from spanwell.graphql.basics.nodes import Node, answered_by
from spanwell.graphql.resolvers import relatives, span_parts, trees
from spanwell.graphql.resolvers.assessments import lists
from spanwell.observability.model.identifiers import global_id
from spanwell.observability.model.span import SPAN_COLUMNS, Span

from .assessments.records import FeedbackConnection, ScoreConnection
from .span_parts import SpanEventType, SpanLinkType

if TYPE_CHECKING:
    from .traces import TraceType


def _id(span: strawberry.Parent[Span]) -> str:
    return global_id("Span", span.trace_id, span.span_id)


def _descendants(span: strawberry.Parent[Span]) -> int:
    return span.tree_end - span.tree_start


@strawberry.type(name="Span")
@read_from(SPAN_COLUMNS)
class SpanType(Node):
    """A timed operation of a trace."""

    id: strawberry.ID = answered_by(_id, "Global id, made from `traceId` and `spanId`.")

    depth: int = answered_by(
        trees.depth, "Number of ancestors in its trace; 0 for a root span, and while its parent has not arrived."
    )
    child_count: int = answered_by(trees.child_count, "Number of child spans.")
    descendant_count: int = answered_by(_descendants, "Number of spans below it, at any depth.")
    self_time_ms: float | None = answered_by(
        trees.self_time,
        "Self time in milliseconds: the duration minus the time in which any child was running; null while it is "
        "running.",
    )
    children: "SpanConnection" = answered_by(
        trees.children,
        "Its children or, with a `depth`, more levels below it, in tree order: each span before its descendants, "
        "siblings by start time. This opens a large trace step by step.",
    )

    trace: Annotated["TraceType", strawberry.lazy(".traces")] | None = answered_by(
        relatives.trace_of, "The trace it belongs to."
    )
    parent: "SpanType | None" = answered_by(
        relatives.parent, "The parent span; null if there is none or it has not arrived."
    )
    ancestors: "list[SpanType]" = answered_by(
        relatives.ancestors,
        "The spans above it: its parent, its parent's parent, and so on, as far as they have arrived.",
    )
    span_events: list[SpanEventType] = answered_by(span_parts.span_events, "Its `events` as typed records.")
    span_links: list[SpanLinkType] = answered_by(span_parts.span_links, "Its `links` as typed records.")
    linked_from: "list[SpanType]" = answered_by(
        relatives.linked_from, "Spans of any trace that link to it, newest first."
    )
    input_preview: str | None = answered_by(
        span_parts.input_preview,
        "The beginning of `input`: strings as they are, anything else as JSON. The rest is not read.",
    )
    output_preview: str | None = answered_by(span_parts.output_preview, "The beginning of `output`, likewise.")
    error_message: str | None = answered_by(
        span_parts.error_message,
        "Why it failed: the `message` of `errorInfo`, or `errorInfo` if that is a string, else `statusMessage`, else "
        "`errorInfo` as JSON, cut to `maxChars`; null if it did not fail or none of them says anything.",
    )

    scores: ScoreConnection = answered_by(lists.scores_of, "Scores of the span, newest first.")
    feedback: FeedbackConnection = answered_by(lists.feedback_of, "Feedback on the span, newest first.")

    @classmethod
    def is_type_of(cls, record: object, _: object) -> bool:
        """Return whether a record is a span."""
        return isinstance(record, Span)


SpanConnection: TypeAlias = Connection[SpanType]
"""A page of a list of spans."""
