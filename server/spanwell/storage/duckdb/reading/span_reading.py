"""Reads spans of known traces, by index or by scan, depending on the size of the traces.

The index finds the spans of a small trace at once, but reads every value separately; for a large trace it is faster to
scan the time range in which its spans started. DuckDB uses the index only if the statement has nothing else: no
condition on another column, and no ORDER BY with LIMIT.
"""

from collections.abc import Sequence
from functools import lru_cache

from spanwell.observability.model.span import IDENTITY, Span, SpanKey
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import ALWAYS, Condition
from spanwell.observability.questions.ordering import Order
from spanwell.observability.questions.queries import Columns, Page, Preview, SpanQuery, page_of, plain_page
from spanwell.storage.duckdb.tables.columns import SPANS, TRACES, Stored

from . import statements
from .large_traces import LargeTraces
from .readers import Cursor, fetch, fetch_few
from .records import to_spans, to_traces
from .statements import chosen
from .time_ranges import Stretch, stretch_of

_FEW_VALUES = 1_000
_FEW_COLUMNS = 16
"""Columns read through the index even if the number of spans is unknown: DuckDB reads 2,048 values at once."""

_OF_ANY_SPAN = frozenset({"trace_id"})
"""Columns of a trace that every one of its spans has."""


def read_spans(keys: Sequence[SpanKey], columns: Columns, cursor: Cursor) -> list[Span]:
    """Return the spans with these keys, without those that do not exist."""
    stretch = stretch_of(cursor, sorted({trace_id for trace_id, _ in keys}))
    if stretch is None:
        return []
    wanted = chosen(SPANS, columns | IDENTITY)
    if len(keys) > 1:
        statement = statements.spans_by_key(keys, stretch.started, wanted)
    elif are_few(stretch, wanted):
        statement = statements.span_by_index(keys[0], wanted)
    else:
        statement = statements.span_by_stretch(keys[0], stretch.started, wanted)
    return to_spans(fetch(cursor, statement), wanted)


def read_previews(keys: Sequence[SpanKey], preview: Preview, cursor: Cursor) -> list[str | None]:
    """Return the beginning of a payload for each span (`ObservabilityStorage.get_previews`)."""
    stretch = stretch_of(cursor, sorted({trace_id for trace_id, _ in keys}))
    if stretch is None:
        return [None for _ in keys]
    rows = fetch(cursor, statements.previews(keys, stretch.started, preview))
    found = {(trace_id, span_id): text for trace_id, span_id, text in rows}
    return [found.get(key) for key in keys]


def read_trace_pages(trace_ids: Sequence[str], query: SpanQuery, cursor: Cursor) -> list[Page[Span]]:
    """Return a page of spans for each trace (`ObservabilityStorage.list_trace_spans`)."""
    stretch = stretch_of(cursor, trace_ids)
    if stretch is None:
        return [page_of([], query.window) for _ in trace_ids]
    if len(trace_ids) == 1:
        return [read_trace_page(trace_ids[0], stretch, query, cursor)]
    wanted = chosen(SPANS, query.columns | IDENTITY)
    among = statements.spans_of(trace_ids, stretch.started)
    rows = fetch(cursor, statements.trace_spans_pages(among, query, wanted))
    found: dict[str, list[Span]] = {trace_id: [] for trace_id in trace_ids}
    for span in to_spans((row[1:] for row in rows), wanted):
        found[span.trace_id].append(span)
    return [page_of(found[trace_id], query.window) for trace_id in trace_ids]


def read_trace_with_spans(  # noqa: PLR0913, PLR0917 - the parameters of the storage's method, and the cursor
    large: LargeTraces, trace_id: str, query: SpanQuery, columns: Columns, head_columns: Columns, cursor: Cursor
) -> tuple[Trace, Page[Span]] | None:
    """Return a trace and a page of its spans (`ObservabilityStorage.get_trace_with_spans`)."""
    if columns <= _OF_ANY_SPAN and not head_columns and trace_id not in large:
        spans = _read_small_trace(trace_id, query, cursor)
        if spans is not None:
            return (_only_named(trace_id), plain_page(spans, query.order, query.window)) if spans else None
        large.add(trace_id)
    wanted = statements.trace_columns(columns, head_columns)
    rows = fetch(cursor, statements.trace_with_stretch(trace_id, wanted))
    if not rows:
        return None
    ((first, last, span_count, *row),) = rows
    stretch = Stretch((first, last), span_count)
    own = sum(stored.name in TRACES for stored in wanted)
    (trace,) = to_traces([row], own, wanted)
    return trace, read_trace_page(trace_id, stretch, query, cursor)


def _read_small_trace(trace_id: str, query: SpanQuery, cursor: Cursor) -> list[Span] | None:
    """Return all spans of a trace in one statement; None if there are many, or the query wants only some."""
    wanted = _whole_columns(query.columns, query.order)
    if query.where != ALWAYS or len(wanted) > _FEW_COLUMNS:
        return None
    rows = fetch_few(cursor, statements.whole_trace(trace_id, wanted), _FEW_VALUES // len(wanted))
    return None if rows is None else to_spans(rows, wanted)


def _only_named(trace_id: str) -> Trace:
    """Return a trace with nothing but its id."""
    (trace,) = to_traces([(trace_id,)], 1, [TRACES["trace_id"]])
    return trace


@lru_cache(maxsize=256)
def _whole_columns(columns: Columns, order: Order) -> tuple[Stored, ...]:
    return tuple(chosen(SPANS, (columns | IDENTITY).union(key.column for key in order)))


def read_trace_page(trace_id: str, stretch: Stretch, query: SpanQuery, cursor: Cursor) -> Page[Span]:
    """Return a page of the spans of a trace, all of which started within a time range."""
    whole = _whole_columns(query.columns, query.order)
    if query.where == ALWAYS and stretch.span_count <= query.window.size and are_few(stretch, whole):
        spans = to_spans(fetch(cursor, statements.whole_trace(trace_id, whole)), whole)
        return plain_page(spans, query.order, query.window)
    wanted = chosen(SPANS, query.columns | IDENTITY)
    among = statements.spans_of([trace_id], stretch.started)
    return page_of(to_spans(fetch(cursor, statements.trace_spans_page(among, query, wanted)), wanted), query.window)


def count_trace_spans(trace_ids: Sequence[str], where: Condition, cursor: Cursor) -> list[int]:
    """Return the number of matching spans in each trace (`ObservabilityStorage.count_trace_spans`)."""
    stretch = stretch_of(cursor, trace_ids)
    if stretch is None:
        return [0 for _ in trace_ids]
    among = statements.spans_of(trace_ids, stretch.started)
    found: dict[str, int] = dict(fetch(cursor, statements.trace_spans_counts(among, where)))
    return [found.get(trace_id, 0) for trace_id in trace_ids]


def are_few(stretch: Stretch, columns: Sequence[Stored]) -> bool:
    """Return whether some columns of the spans of one trace are read through the index."""
    return stretch.span_count * len(columns) <= _FEW_VALUES
