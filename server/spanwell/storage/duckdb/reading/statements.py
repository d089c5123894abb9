"""Builds the SELECT statements of the store's reads, from a query and the wanted columns."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from spanwell.observability.model.span import SpanKey
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.ordering import Order
from spanwell.observability.questions.queries import (
    Columns,
    ListQuery,
    Preview,
    Previewed,
    SpanQuery,
    TraceQuery,
    Window,
)
from spanwell.storage.duckdb.conditions.paging import by_attribute, fetch_order, keyed, order_by, within
from spanwell.storage.duckdb.conditions.scopes import OF_SPANS, OF_TRACES, Scope
from spanwell.storage.duckdb.conditions.sql import TRUE, Sql, all_of
from spanwell.storage.duckdb.conditions.where import where
from spanwell.storage.duckdb.tables.columns import FIRST_STARTED_AT, HEADS, LAST_STARTED_AT, REPEATED_BY, TRACES, Stored

_FEW_TRACES = 8
"""Up to how many ids are listed one by one, which costs DuckDB less than joining with a list."""

_STRETCH = f'epoch_ns("{FIRST_STARTED_AT.name}"), epoch_ns("{LAST_STARTED_AT.name}"), "span_count"'

ERROR_TEXT = (
    "CASE WHEN status = 'ERROR' THEN coalesce("
    "nullif(CASE WHEN json_type(error_info, '/message') = 'VARCHAR' THEN error_info ->> '/message'"
    " WHEN json_type(error_info) = 'VARCHAR' THEN error_info ->> '$' END, ''), nullif(status_message, ''),"
    r" CASE WHEN NOT regexp_full_match(error_info, '\s*(null|\"\"|\{\s*\}|\[\s*\])\s*')"
    " THEN CAST(error_info AS VARCHAR) END) END"
)
"""Why a span failed, or NULL: the counterpart of `error_groups.error_text`."""


def chosen(stored: Mapping[str, Stored], wanted: Columns) -> list[Stored]:
    """Return the wanted columns of a table, in table order, with the columns needed to restore attributes."""
    found = [column for name, column in stored.items() if name in wanted]
    beside = (repeated for column in found for repeated in REPEATED_BY.get(column, ()))
    return [*found, *(repeated for repeated in beside if repeated.column.name not in wanted)]


@lru_cache(maxsize=256)
def trace_columns(columns: Columns, head_columns: Columns) -> tuple[Stored, ...]:
    """Return the wanted columns of `traces`: the rollups, then the head's."""
    return (*chosen(TRACES, columns | {"trace_id"}), *chosen(HEADS, head_columns))


def select_list(columns: Iterable[Stored]) -> str:
    """Return the columns as a SELECT reads them."""
    return ", ".join(column.selected for column in columns)


def traces_page(query: TraceQuery, columns: Sequence[Stored]) -> Sql:
    """Select a page of traces, and one more if there is one."""
    return page(OF_TRACES, query, columns)


def spans_page(query: SpanQuery, columns: Sequence[Stored]) -> Sql:
    """Select a page of spans, and one more if there is one."""
    return page(OF_SPANS, query, columns)


def trace_spans_page(among: Sql, query: SpanQuery, columns: Sequence[Stored]) -> Sql:
    """Select a page of the spans of one trace."""
    return page(OF_SPANS, query, columns, among)


def page(scope: Scope, query: ListQuery, columns: Iterable[Stored], among: Sql = TRUE) -> Sql:
    """Select a page of a scope's records, and one more if there is one."""
    window, order = query.window, query.order
    met = all_of((among, where(query.where, scope)))
    if not by_attribute(order):
        met = all_of((met, within(window, order, scope)))
        return f"SELECT {select_list(columns)} FROM {scope.alias} WHERE " + met + _cut(window, order, scope)
    rows, order, keys = keyed(order, scope, met)
    chosen = "SELECT * FROM (" + rows + ") WHERE " + within(window, order, keys) + _cut(window, order, keys)
    listed = f"SELECT {select_list(columns)} FROM {scope.alias} JOIN (" + chosen + f") ON {scope.alias}.rowid = place"
    return listed + " ORDER BY " + order_by(fetch_order(window, order), keys)


def _cut(window: Window, order: Order, scope: Scope) -> Sql:
    skipped = f" OFFSET {window.offset}" if window.offset else ""
    return " ORDER BY " + order_by(fetch_order(window, order), scope) + f" LIMIT {window.size + 1}{skipped}"


def count(scope: Scope, condition: Condition) -> Sql:
    """Count the records that meet a condition."""
    return f"SELECT count(*) FROM {scope.alias} WHERE " + where(condition, scope)


def started(scope: Scope, condition: Condition) -> Sql:
    """Select the first and last start times of the records that meet a condition, in nanoseconds."""
    column = scope.column("started_at")
    first_and_last = f"SELECT epoch_ns(min({column})), epoch_ns(max({column}))"
    return f"{first_and_last} FROM {scope.alias} WHERE " + where(condition, scope)


def stretches(trace_ids: Sequence[str]) -> Sql:
    """Select for each trace its id, the first and last start times of its spans, in nanoseconds, and their number."""
    return f"SELECT trace_id, {_STRETCH} FROM traces WHERE " + in_traces(trace_ids)


def in_traces(trace_ids: Sequence[str]) -> Sql:
    """Return the SQL condition that a record belongs to one of the traces."""
    if len(trace_ids) == 1:
        return Sql('"trace_id" = ?', (trace_ids[0],))
    if len(trace_ids) <= _FEW_TRACES:
        return Sql(f'"trace_id" IN ({", ".join("?" * len(trace_ids))})', tuple(trace_ids))
    return Sql('"trace_id" IN (SELECT unnest(?::VARCHAR[]))', (list(trace_ids),))


def spans_of(trace_ids: Sequence[str], started: tuple[int, int]) -> Sql:
    """Return the SQL condition that a span belongs to one of the traces, all of whose spans started in a time range."""
    return all_of((in_traces(trace_ids), started_within(started)))


def started_within(stretch: tuple[int, int]) -> Sql:
    """Return the SQL condition that a span started within a time range."""
    return Sql('"started_at" BETWEEN make_timestamp_ns(?) AND make_timestamp_ns(?)', stretch)


def trace_spans_pages(among: Sql, query: SpanQuery, columns: Sequence[Stored]) -> Sql:
    """Select a page of spans for each trace; the first column is the span's position in its trace's list."""
    window = query.window
    met = all_of((among, where(query.where, OF_SPANS), within(window, query.order, OF_SPANS)))
    ordered = order_by(fetch_order(window, query.order), OF_SPANS)
    numbered = 'row_number() OVER (PARTITION BY "trace_id" ORDER BY ' + ordered + ") AS place"
    first, last = window.offset + 1, window.offset + window.size + 1
    inner = ", ".join(f'"{column.name}"' for column in columns)
    return (
        f"SELECT place, {select_list(columns)} FROM (SELECT "
        + numbered
        + f", {inner} FROM spans WHERE "
        + met
        + f") WHERE place BETWEEN {first} AND {last} ORDER BY place"
    )


def trace_spans_counts(among: Sql, condition: Condition) -> Sql:
    """Count the spans of each trace that meet a condition."""
    met = all_of((among, where(condition, OF_SPANS)))
    return 'SELECT "trace_id", count(*) FROM spans WHERE ' + met + ' GROUP BY "trace_id"'


def whole_traces(trace_ids: Sequence[str], started: tuple[int, int], columns: Sequence[Stored]) -> Sql:
    """Select all spans of some traces in pre-order; the first column is the trace's id."""
    ordered = ' ORDER BY "trace_id", "tree_start"'
    return f'SELECT "trace_id", {select_list(columns)} FROM spans WHERE ' + spans_of(trace_ids, started) + ordered


def spans_by_key(keys: Sequence[SpanKey], started: tuple[int, int], columns: Sequence[Stored]) -> Sql:
    """Select spans by key. Their traces are looked up first: no index has both ids."""
    trace_ids = sorted({trace_id for trace_id, _ in keys})
    names = ", ".join(f'"{column.name}"' for column in columns)
    found = f"WITH found AS MATERIALIZED (SELECT {names} FROM spans WHERE " + spans_of(trace_ids, started) + ")"
    asked = Sql(' WHERE "span_id" IN (SELECT unnest(?::VARCHAR[]))', (sorted({span_id for _, span_id in keys}),))
    return found + f" SELECT {select_list(columns)} FROM found" + asked


def previews(keys: Sequence[SpanKey], started: tuple[int, int], preview: Preview) -> Sql:
    """Select the beginning of a payload of each span."""
    trace_ids, span_ids = (sorted(set(ids)) for ids in zip(*keys, strict=True))
    document = f'"{preview.what.value}"'
    text = f"CASE WHEN json_type({document}) = 'VARCHAR' THEN {document} ->> '$' ELSE CAST({document} AS VARCHAR) END"
    if preview.what is Previewed.ERROR:
        text = ERROR_TEXT
    named = Sql(' AND "span_id" IN (SELECT unnest(?::VARCHAR[]))', (span_ids,))
    shown = f"left({text}, {preview.size})"
    return f"SELECT trace_id, span_id, {shown} FROM spans WHERE " + spans_of(trace_ids, started) + named


def traces_by_id(trace_ids: Sequence[str], columns: Sequence[Stored]) -> Sql:
    """Select traces by their ids."""
    return f"SELECT {select_list(columns)} FROM traces WHERE " + in_traces(trace_ids)


def trace_with_stretch(trace_id: str, columns: Sequence[Stored]) -> Sql:
    """Select a trace; the first columns are those of its `Stretch`."""
    return f"SELECT {_STRETCH}, {select_list(columns)} FROM traces WHERE " + in_traces([trace_id])


def whole_trace(trace_id: str, columns: Sequence[Stored]) -> Sql:
    """Select all spans of a trace, unordered. Any further clause would keep DuckDB from using the index."""
    return f"SELECT {select_list(columns)} FROM spans WHERE " + in_traces([trace_id])


def span_by_index(key: SpanKey, columns: Sequence[Stored]) -> Sql:
    """Select a span from the spans of its trace, which the index finds.

    DuckDB would push a condition on one column down into a scan of all spans; a condition on two columns it does not.
    """
    trace_id, span_id = key
    named = Sql(' AND "span_id" || "trace_id" = ? || "trace_id"', (span_id,))
    return whole_trace(trace_id, columns) + named


def span_by_stretch(key: SpanKey, started: tuple[int, int], columns: Sequence[Stored]) -> Sql:
    """Select a span by a scan of the time range in which the spans of its trace started."""
    trace_id, span_id = key
    named = all_of((spans_of([trace_id], started), Sql('"span_id" = ?', (span_id,))))
    return f"SELECT {select_list(columns)} FROM spans WHERE " + named


def stored_among(trace_ids: Sequence[str]) -> Sql:
    """Select a row if any of the traces is stored."""
    return "SELECT 1 FROM traces WHERE " + in_traces(trace_ids) + " LIMIT 1"
