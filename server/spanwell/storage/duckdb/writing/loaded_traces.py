"""The stored traces that a transaction touches: enough of each span to rebuild the tree, all of those it changes."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from spanwell.observability.derivation.forest import Position
from spanwell.observability.model.span import Span, SpanKey
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.queries import ALL_SPAN_COLUMNS, ALL_TRACE_COLUMNS, Columns
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.reading.readers import Cursor, fetch
from spanwell.storage.duckdb.reading.records import to_spans, to_traces
from spanwell.storage.duckdb.reading.statements import (
    chosen,
    select_list,
    spans_of,
    stored_among,
    trace_columns,
    traces_by_id,
)
from spanwell.storage.duckdb.tables.columns import LAST_STARTED_AT, SPANS

POSITION = frozenset(Position._fields)
"""The columns that follow from a span's place in its trace."""

_TREE_COLUMNS = (
    POSITION
    | frozenset({"trace_id", "span_id", "parent_span_id", "started_at", "ended_at", "status", "service_name"})
    | frozenset({"input_tokens", "output_tokens", "total_tokens", "cost_usd"})
)
"""What a trace's forest and rollups read of a span."""

_OWN = len(ALL_TRACE_COLUMNS)
_TRACE = trace_columns(ALL_TRACE_COLUMNS, POSITION | {"span_id"})


@dataclass
class Entry:
    """A span of a touched trace; `row` is None while it is new."""

    span: Span
    row: int | None = None
    known: Columns = ALL_SPAN_COLUMNS
    """The columns that may be changed: those of which it is known what the table holds."""
    stored: Span | None = None
    """The span as it is in the table, once it has been changed."""

    def change(self, span: Span) -> Span:
        """Take the changed state of the span, and return it."""
        self.stored = self.stored or self.span
        self.span = span
        return span


@dataclass
class Touched:
    """A trace that a transaction touches: its row, if it has one, and its spans."""

    row: int | None = None
    stored: Trace | None = None
    last_started_at: int = 0
    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])
    gone: list[int] = field(default_factory=list[int])
    """Rows of spans that are to be deleted."""
    gone_row: int | None = None
    """The trace's own row, if it is to be deleted; the trace may come again in the same transaction."""


def load_traces(
    cursor: Cursor, trace_ids: Sequence[str], keys: Collection[SpanKey] = (), columns: Columns = ALL_SPAN_COLUMNS
) -> dict[str, Touched]:
    """Return the stored ones of some traces with all their spans as far as the tree needs them.

    Those of `keys` come with more columns.
    """
    if not fetch(cursor, stored_among(trace_ids)):
        return {}  # which is so for most creates, and known sooner than all that is stored
    rows = fetch(cursor, _with_extras(traces_by_id(trace_ids, _TRACE)))
    traces = to_traces([row[2:] for row in rows], _OWN, _TRACE)
    touched = {trace.trace_id: Touched(row[0], trace, row[1]) for row, trace in zip(rows, traces, strict=True)}
    stretch = min(trace.started_at for trace in traces), max(row[1] for row in rows)
    # One statement reads more than it has to; a second one costs as much again.
    together = columns if 2 * len(keys) >= sum(trace.span_count for trace in traces) else POSITION
    for row, span in _read(cursor, spans_of(list(touched), stretch), together):
        touched[span.trace_id].entries[span.span_id] = Entry(span, row, POSITION | together)
    load(cursor, _entries_of(touched, keys), columns)
    return touched


def load(cursor: Cursor, entries: Iterable[Entry], columns: Columns) -> None:
    """Read some columns of those of some entries that do not know them yet, and what the tree needs.

    Rows are found by their keys: a row that the transaction has changed may have another row id than before.
    """
    partial = {entry.span.key: entry for entry in entries if entry.row is not None and not columns <= entry.known}
    if not partial:
        return
    starts = [entry.span.started_at for entry in partial.values()]
    of_traces = spans_of(list({trace_id for trace_id, _ in partial}), (min(starts), max(starts)))
    span_ids = Sql(" AND span_id IN (SELECT unnest(?::VARCHAR[]))", ([span_id for _, span_id in partial],))
    for _, span in _read(cursor, of_traces + span_ids, columns):
        if (entry := partial.get(span.key)) is not None:
            entry.span, entry.known = span, POSITION | columns


def _read(cursor: Cursor, where: Sql, columns: Columns) -> Iterable[tuple[int, Span]]:
    """Return spans with some columns and those of the tree, and their row ids."""
    wanted = chosen(SPANS, columns | _TREE_COLUMNS)
    found = fetch(cursor, f"SELECT rowid, {select_list(wanted)} FROM spans WHERE " + where)
    return zip((row[0] for row in found), to_spans((row[1:] for row in found), wanted), strict=True)


def _entries_of(touched: dict[str, Touched], keys: Iterable[SpanKey]) -> list[Entry]:
    """Return the entries of some keys that are there."""
    found = (touched[trace_id].entries.get(span_id) for trace_id, span_id in set(keys) if trace_id in touched)
    return [entry for entry in found if entry is not None]


def _with_extras(statement: Sql) -> Sql:
    return Sql(statement.text.replace("SELECT ", f"SELECT rowid, {LAST_STARTED_AT.selected}, ", 1), statement.values)
