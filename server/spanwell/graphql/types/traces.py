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
"""What a trace shows of its root span, or of the span that stands in for it."""


def _of_head(column: ColumnDef) -> Callable[[Trace], Any]:
    read = attrgetter(column.name)

    def head_value(trace: strawberry.Parent[Trace]) -> Any:
        return read(trace.head)

    return head_value


def _head_field(column: ColumnDef) -> tuple[Any, Any]:
    return output_type(column), answered_by(_of_head(column), f"Of the root span: {column.doc}")


def _id(trace: strawberry.Parent[Trace]) -> str:
    return global_id("Trace", trace.trace_id)


def _root(trace: strawberry.Parent[Trace]) -> Span | None:
    return trace.root


@strawberry.type(name="Trace")
@read_from(column for column in TRACE_COLUMNS if column.name != "has_root")
@fields_for(_HEAD, _head_field)
class TraceType(Node):
    """Every span that shares a trace id, whether its root span has arrived or not.

    Until it has, the earliest span stands in for it wherever the root is asked for.
    """

    id: strawberry.ID = answered_by(_id, "The trace's global id, made of `traceId`.")
    root_span: SpanType | None = answered_by(
        _root, "The root span, the earliest if there are several; null until one arrives."
    )
    spans: SpanConnection = answered_by(
        trace_spans, "The trace's spans, in the order in which they began unless asked otherwise; up to 10,000 at once."
    )

    first_error: SpanType | None = answered_by(
        first_error, "The first of its spans to begin that failed; null if none did."
    )
    outline: str = answered_by(
        outline,
        "The trace as text that people and models read: a line for each span with its type, service, duration, model, "
        "tokens, cost and error. Where there are too many, failures and what is above them are shown first, then what "
        "is nearest to the top; the rest is counted.",
    )
    critical_path: list[CriticalPathSegment] = answered_by(
        critical_path,
        "What its end was waiting for at each moment, in the order of time: at any one moment a single span, the last "
        "one to finish among its siblings, without its own children. Children count as far as they lie within their "
        "parent, and a span that still runs lasts as long as its parent.",
    )

    scores: ScoreConnection = answered_by(
        lists.scores_of,
        "What scorers found about it and all its spans, the newest first; `{spanId: {isNull: true}}` leaves the spans "
        "out.",
    )
    feedback: FeedbackConnection = answered_by(
        lists.feedback_of, "What people said of it and of all its spans, the newest first."
    )

    @classmethod
    def is_type_of(cls, record: object, _: object) -> bool:
        """Return whether a record is a trace."""
        return isinstance(record, Trace)


TraceConnection: TypeAlias = Connection[TraceType]
"""A page of a list of traces."""
