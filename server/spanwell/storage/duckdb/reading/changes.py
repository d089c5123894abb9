"""Reads pages of changes and removals from one state of the store."""

from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.span import IDENTITY, Span
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.questions.queries import Page, SpanQuery, TraceQuery, page_of
from spanwell.observability.questions.removals import Removal, unmatched, with_removals
from spanwell.storage.duckdb.conditions.scopes import OF_DELETIONS
from spanwell.storage.duckdb.tables.columns import DELETED_TABLES, DELETIONS, SPANS, TRACES

from . import statements
from .readers import Cursor, fetch, one_state
from .records import to_spans, to_traces

_DELETED = [DELETIONS["trace_id"], DELETIONS["changed_at"]]


def latest_write(cursor: Cursor) -> int:
    """Return the timestamp of the last stored write; 0 if the store is empty."""
    assessed = [table for kind in AssessmentKind for table in (kind.value, DELETED_TABLES[kind])]
    moments = ["SELECT max(changed_at) AS moment FROM deletions"]
    moments += [f"SELECT max(updated_at) FROM {table}" for table in ("spans", *assessed)]
    ((found,),) = cursor.execute(f"SELECT epoch_ns(max(moment)) FROM ({' UNION ALL '.join(moments)})").fetchall()
    return found or 0


def read_spans(query: SpanQuery, cursor: Cursor) -> Page[Span]:
    """Return a page of spans."""
    wanted = statements.chosen(SPANS, query.columns | IDENTITY)
    return page_of(to_spans(fetch(cursor, statements.spans_page(query, wanted)), wanted), query.window)


def read_traces(query: TraceQuery, cursor: Cursor) -> Page[Trace]:
    """Return a page of traces."""
    wanted = statements.trace_columns(query.columns, query.head_columns)
    own = sum(stored.name in TRACES for stored in wanted)
    return page_of(to_traces(fetch(cursor, statements.traces_page(query, wanted)), own, wanted), query.window)


def read_span_changes(query: SpanQuery, cursor: Cursor) -> Page[Span | Removal]:
    """Return a page of changed and removed spans (`ObservabilityStorage.list_span_changes`)."""
    with one_state(cursor):
        pages = read_spans(query, cursor), read_spans(unmatched(query), cursor), _deletions(query, cursor)
    return with_removals(query, *pages)


def read_trace_changes(query: TraceQuery, cursor: Cursor) -> Page[Trace | Removal]:
    """Return a page of changed and removed traces (`ObservabilityStorage.list_trace_changes`)."""
    with one_state(cursor):
        pages = read_traces(query, cursor), read_traces(unmatched(query), cursor), _deletions(query, cursor)
    return with_removals(query, *pages)


def _deletions(query: SpanQuery | TraceQuery, cursor: Cursor) -> Page[Removal]:
    statement = statements.page(OF_DELETIONS, SpanQuery(query.window, ALWAYS, query.order), _DELETED)
    return page_of([Removal(*row) for row in fetch(cursor, statement)], query.window)
