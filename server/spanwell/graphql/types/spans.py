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
    """One timed operation of a trace."""

    id: strawberry.ID = answered_by(_id, "The span's global id, made of `traceId` and `spanId`.")

    depth: int = answered_by(
        trees.depth, "How many ancestors it has in its trace; 0 for a root, and while its parent has not arrived."
    )
    child_count: int = answered_by(trees.child_count, "How many spans name it as their parent.")
    descendant_count: int = answered_by(_descendants, "How many spans are below it, at any depth.")
    self_time_ms: float | None = answered_by(
        trees.self_time,
        "How long it was busy itself, in milliseconds: its duration without the time in which any of its children was "
        "under way; null while it runs.",
    )
    children: "SpanConnection" = answered_by(
        trees.children,
        "The spans below it, each before those below it, and siblings in the order in which they began: its children "
        "alone, or more levels. So a large trace can be opened piece by piece.",
    )

    trace: Annotated["TraceType", strawberry.lazy(".traces")] | None = answered_by(
        relatives.trace_of, "The trace that it belongs to."
    )
    parent: "SpanType | None" = answered_by(relatives.parent, "The span that caused it; null while it is not there.")
    ancestors: "list[SpanType]" = answered_by(
        relatives.ancestors, "The spans above it: its parent, its parent's parent, ..., as far as they are there."
    )
    span_events: list[SpanEventType] = answered_by(span_parts.span_events, "Its `events` as records.")
    span_links: list[SpanLinkType] = answered_by(span_parts.span_links, "Its `links` as records.")
    linked_from: "list[SpanType]" = answered_by(
        relatives.linked_from, "Spans of any trace that link to it, the newest first."
    )
    input_preview: str | None = answered_by(
        span_parts.input_preview,
        "The beginning of `input`: of a text itself, of anything else its JSON. What is cut is not even read.",
    )
    output_preview: str | None = answered_by(span_parts.output_preview, "The beginning of `output`, as `inputPreview`.")
    error_message: str | None = answered_by(
        span_parts.error_message,
        "Why it failed, in words: the `message` of `errorInfo`, or `errorInfo` if that is a text, else "
        "`statusMessage`, else the beginning of `errorInfo` as JSON.",
    )

    scores: ScoreConnection = answered_by(lists.scores_of, "What scorers found about it, the newest first.")
    feedback: FeedbackConnection = answered_by(lists.feedback_of, "What people said of it, the newest first.")

    @classmethod
    def is_type_of(cls, record: object, _: object) -> bool:
        """Return whether a record is a span."""
        return isinstance(record, Span)


SpanConnection: TypeAlias = Connection[SpanType]
"""A page of a list of spans."""
