"""Reads the surroundings and descendants of spans, in one statement for all of them."""

from collections.abc import Sequence

from spanwell.observability.model.span import IDENTITY, Span, SpanKey
from spanwell.observability.questions.queries import Page
from spanwell.observability.questions.tree_facts import BelowQuery, Surroundings, page_below
from spanwell.storage.duckdb.conditions.sql import FALSE, Sql
from spanwell.storage.duckdb.tables.columns import SPANS

from . import trees
from .readers import Cursor, fetch
from .records import to_spans
from .statements import chosen, spans_of
from .time_ranges import stretch_of


def read_surroundings(keys: Sequence[SpanKey], cursor: Cursor) -> list[Surroundings]:
    """Return each span's surroundings in its tree (`ObservabilityStorage.get_surroundings`)."""
    rows = fetch(cursor, trees.surroundings(keys, _among(keys, cursor)))
    found = {
        (trace_id, span_id): Surroundings(depth, child_count, None if alone is None else alone / 1_000_000)
        for trace_id, span_id, depth, child_count, alone in rows
    }
    return [found.get(key, Surroundings()) for key in keys]


def read_below(keys: Sequence[SpanKey], query: BelowQuery, cursor: Cursor) -> list[Page[Span]]:
    """Return a page of descendants for each span (`ObservabilityStorage.list_below`)."""
    columns = chosen(SPANS, query.columns | IDENTITY)
    rows = fetch(cursor, trees.below(keys, _among(keys, cursor), query, columns))
    found: dict[SpanKey, list[Span]] = {key: [] for key in keys}
    for row, span in zip(rows, to_spans((row[1:] for row in rows), columns), strict=True):
        found[span.trace_id, row[0]].append(span)
    return [page_below(found[key], query) for key in keys]


def count_below(keys: Sequence[SpanKey], depth: int, cursor: Cursor) -> list[int]:
    """Return the number of descendants of each span, down to a depth (`ObservabilityStorage.count_below`)."""
    rows = fetch(cursor, trees.below_counts(keys, _among(keys, cursor), depth))
    found = {(trace_id, span_id): count for trace_id, span_id, count in rows}
    return [found.get(key, 0) for key in keys]


def _among(keys: Sequence[SpanKey], cursor: Cursor) -> Sql:
    """Return the SQL condition that a span belongs to the traces of the keys."""
    trace_ids = sorted({trace_id for trace_id, _ in keys})
    stretch = stretch_of(cursor, trace_ids)
    return FALSE if stretch is None else spans_of(trace_ids, stretch.started)
