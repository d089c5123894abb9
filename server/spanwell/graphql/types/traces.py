"""Traces as clients see them. The types read the domain's records; none copies one."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeAlias

import strawberry

from spanwell.graphql.basics.connections import Connection
from spanwell.graphql.basics.derive import fields_for, output_type, read_from
from spanwell.graphql.basics.nodes import Node, answered_by
from spanwell.graphql.resolvers.assessments import lists
from spanwell.graphql.resolvers.explaining.analysis import outline
from spanwell.graphql.resolvers.queries import trace_spans
from spanwell.graphql.resolvers.relatives import first_error
from spanwell.graphql.resolvers.trees import critical_path
from spanwell.observability.model.columns import ColumnDef
from spanwell.observability.model.identifiers import global_id
from spanwell.observability.model.span import SPAN_COLUMNS, Span
from spanwell.observability.model.trace import TRACE_COLUMNS, Trace

from .assessments.records import FeedbackConnection, ScoreConnection
from .segments import CriticalPathSegment
from .spans import SpanConnection, SpanType

_SHOWN = frozenset(
    {
        *("name", "entity_type", "entity_name", "entity_id", "entity_version_id", "service_name", "source"),
    }
)
_HEAD = tuple(column for column in SPAN_COLUMNS if column.name in _SHOWN)
"""Columns of the root span, or of the span in its place, that a trace shows."""


def _of_head(column: ColumnDef) -> Callable[[Trace], Any]:
    read = attrgetter(column.name)

    def head_value(trace: strawberry.Parent[Trace]) -> Any:
        return read(trace.head)

    return head_value


def _head_field(column: ColumnDef) -> tuple[Any, Any]:
    return output_type(column), answered_by(_of_head(column), f"{column.doc} Taken from the root span.")


def _id(trace: strawberry.Parent[Trace]) -> str:
    return global_id("Trace", trace.trace_id)


def _root(trace: strawberry.Parent[Trace]) -> Span | None:
    return trace.root


@strawberry.type(name="Trace")
@read_from(column for column in TRACE_COLUMNS if column.name != "has_root")
@fields_for(_HEAD, _head_field)
class TraceType(Node):
    """All spans that share a trace id, whether or not the root span has arrived.

    Until it has, the earliest span takes its place wherever a field refers to the root.
    """

    id: strawberry.ID = answered_by(_id, "Global id, made from `traceId`.")
    root_span: SpanType | None = answered_by(
        _root, "The root span, the earliest if there are several; null until one arrives."
    )
    spans: SpanConnection = answered_by(
        trace_spans, "Spans of the trace, by start time unless `orderBy` says otherwise; up to 10,000 at once."
    )

    first_error: SpanType | None = answered_by(first_error, "The earliest failed span; null if none failed.")
    outline: str = answered_by(
        outline,
        "The trace as text for people and language models: one line per span with its type, service, duration, model, "
        "tokens, cost and error. If there are too many spans, failed spans and their ancestors come first, then those "
        "nearest to the root; the rest is only counted.",
    )
    critical_path: list[CriticalPathSegment] = answered_by(
        critical_path,
        "The critical path in order of time: for each moment, the one span that the end of the trace was waiting for, "
        "which is the last sibling to finish, without its own children. Children are clipped to their parent, and a "
        "running span lasts as long as its parent.",
    )

    scores: ScoreConnection = answered_by(
        lists.scores_of,
        "Scores of the trace and all its spans, newest first; filter by `{spanId: {isNull: true}}` to leave out those "
        "of spans.",
    )
    feedback: FeedbackConnection = answered_by(
        lists.feedback_of, "Feedback on the trace and all its spans, newest first."
    )

    @classmethod
    def is_type_of(cls, record: object, _: object) -> bool:
        """Return whether a record is a trace."""
        return isinstance(record, Trace)


TraceConnection: TypeAlias = Connection[TraceType]
"""A page of a list of traces."""
