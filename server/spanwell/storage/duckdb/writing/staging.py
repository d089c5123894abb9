"""Writes rows: columns are staged as an Arrow table, and one statement copies them into their table."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import MappingProxyType

from arro3.core import Array, ChunkedArray, DataType, Field, Schema, Table

from spanwell.observability.questions.queries import Columns
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.tables.columns import ATTRIBUTES, HEADS, SPANS, Stored
from spanwell.storage.duckdb.tables.shared_text import REPEATED, is_shortened_sql

from .rows.arrow import Values, arrays_of, arrow_field
from .staged_views import staged

_STAGED = "staged"
_ROW = "row"
_TRACE, _SPAN = "of_trace", "of_span"
_NO_KEYS: Mapping[str, Array] = MappingProxyType({})
_NANOS = "make_timestamp_ns(?)"

Arrays = Mapping[Stored, Array | ChunkedArray]
"""Arrow arrays by stored column."""


def _staged(cursor: Cursor, columns: Arrays, keys: Mapping[str, Array] = _NO_KEYS) -> AbstractContextManager[str]:
    """Stage columns as a table for a block; `keys` are further columns under names of their own."""
    arrays = [*columns.values(), *keys.values()]
    fields = [arrow_field(stored, array) for stored, array in columns.items()]
    fields += [Field(name, array.type) for name, array in keys.items()]
    return staged(cursor, (*columns, *keys), Table.from_arrays(arrays, schema=Schema(fields)))


def insert_arrays(cursor: Cursor, table: str, columns: Arrays) -> None:
    """Insert rows into a table. Missing columns are null."""
    with _staged(cursor, columns) as view:
        cursor.execute(f"INSERT INTO {table} BY NAME SELECT {_all_of(columns)} FROM {view} AS {_STAGED}")


def _all_of(columns: Iterable[Stored]) -> str:
    """Return what selects all columns. It names only those to convert: DuckDB takes 10 µs to parse and bind a name."""
    read = {stored.name: stored.staged_in(_STAGED) for stored in columns}
    converted = ", ".join(f'{value} AS "{name}"' for name, value in read.items() if value != f'{_STAGED}."{name}"')
    return f"* REPLACE ({converted})" if converted else "*"


def update(cursor: Cursor, table: str, rows: Sequence[int], values: Values) -> None:
    """Update columns of rows; `rows` are their row ids."""
    changes = ", ".join(f'"{stored.name}" = {stored.staged_in(_STAGED)}' for stored in values)
    bounds = min(rows), max(rows)
    with _staged(cursor, arrays_of(values), {_ROW: Array(list(rows), type=DataType.int64())}) as view:
        asked = f"FROM {view} AS {_STAGED} WHERE {table}.rowid = {_STAGED}.{_ROW} AND {table}.rowid BETWEEN ? AND ?"
        attributes = _left_beside(values)
        if attributes is not None and _has_short(cursor, table, attributes, bounds):
            made_whole = f'"{attributes.name}" = {attributes.whole_in(f"{table}.")}'
            cursor.execute(f"UPDATE {table} SET {made_whole} {asked} AND {_is_short(table, attributes)}", bounds)
        cursor.execute(f"UPDATE {table} SET {changes} {asked}", bounds)


def _left_beside(values: Values) -> Stored | None:
    """Return the attributes column if it is not updated itself while a column that it may repeat is."""
    for columns in (SPANS, HEADS):
        if columns[ATTRIBUTES] not in values and any(columns[name] in values for name in REPEATED):
            return columns[ATTRIBUTES]
    return None


def _has_short(cursor: Cursor, table: str, attributes: Stored, bounds: tuple[int, int]) -> bool:
    """Return whether there may be shortened attributes within a range of rows; most ranges have none, a quick check."""
    asked = f"SELECT 1 FROM {table} WHERE rowid BETWEEN ? AND ? AND {_is_short(table, attributes)} LIMIT 1"
    return cursor.execute(asked, bounds).fetchone() is not None


def _is_short(table: str, attributes: Stored) -> str:
    return is_shortened_sql(f'{table}."{attributes.name}"')


def update_by_key(cursor: Cursor, keys: tuple[list[str], list[str], list[int]], values: Values) -> None:
    """Update columns of spans; `keys` are their trace ids, span ids and start times."""
    trace_ids, span_ids, starts = keys
    changes = ", ".join(f'"{stored.name}" = {stored.staged_in(_STAGED)}' for stored in values)
    with _staged(cursor, arrays_of(values), {_TRACE: _texts(trace_ids), _SPAN: _texts(span_ids)}) as view:
        cursor.execute(
            f"UPDATE spans SET {changes} FROM {view} AS {_STAGED} WHERE spans.trace_id = {_STAGED}.{_TRACE}"
            f" AND spans.span_id = {_STAGED}.{_SPAN} AND spans.started_at BETWEEN {_NANOS} AND {_NANOS}",
            (min(starts), max(starts)),
        )


@dataclass(frozen=True)
class Heads:
    """The heads of some traces, named by span ids and start times, and the columns to copy from them."""

    span_ids: Sequence[str]
    starts: Sequence[int]
    columns: Columns

    @property
    def names(self) -> list[str]:
        """The columns in the order of the table, with attributes if they may have been made whole."""
        beside = {ATTRIBUTES} if self.columns & frozenset(REPEATED) else set[str]()
        return [name for name in HEADS if name in self.columns | beside]

    @property
    def bounds(self) -> tuple[int, int]:
        """The first and last start time."""
        return min(self.starts), max(self.starts)

    def joined(self, view: str) -> str:
        """Return the SQL that reads staged rows with these columns of their heads; `bounds` are its values."""
        copied = ", ".join(f'spans."{name}" AS "{HEADS[name].name}"' for name in self.names)
        return (
            f"SELECT {_STAGED}.* EXCLUDE ({_SPAN}), {copied} FROM {view} AS {_STAGED} JOIN spans"
            f" ON spans.trace_id = {_STAGED}.{_TRACE} AND spans.span_id = {_STAGED}.{_SPAN}"
            f" WHERE spans.started_at BETWEEN {_NANOS} AND {_NANOS}"
        )


def insert_traces(cursor: Cursor, trace_ids: Sequence[str], rollups: Values, heads: Heads) -> None:
    """Insert traces, whose heads are copied from `spans`."""
    own = ", ".join(f'"{stored.name}"' for stored in rollups)
    selected = ", ".join(stored.staged_in("source") for stored in rollups)
    copied = ", ".join(f'"{HEADS[name].name}"' for name in heads.names)
    keys = {_TRACE: _texts(trace_ids), _SPAN: _texts(heads.span_ids)}
    with _staged(cursor, arrays_of(rollups), keys) as view:
        cursor.execute(
            f'INSERT INTO traces ("trace_id", {own}, {copied})'
            f" SELECT {_TRACE}, {selected}, {copied} FROM ({heads.joined(view)}) AS source",
            heads.bounds,
        )


def update_traces(
    cursor: Cursor, trace_ids: Sequence[str], starts: Sequence[int], values: Values, heads: Heads | None = None
) -> None:
    """Update columns of traces; `starts` are their stored start times. Columns of `heads` are copied from `spans`."""
    keys = {_TRACE: _texts(trace_ids)}
    changes = {stored.name: stored.staged_in("source") for stored in values}
    if heads is not None:
        keys[_SPAN] = _texts(heads.span_ids)
        changes |= {HEADS[name].name: f'source."{HEADS[name].name}"' for name in heads.names}
    with _staged(cursor, arrays_of(values), keys) as view:
        set_to = ", ".join(f'"{name}" = {value}' for name, value in changes.items())
        source = view if heads is None else f"({heads.joined(view)})"
        cursor.execute(
            f"UPDATE traces SET {set_to} FROM {source} AS source WHERE traces.trace_id = source.{_TRACE}"
            f" AND traces.started_at BETWEEN {_NANOS} AND {_NANOS}",
            (*(() if heads is None else heads.bounds), min(starts), max(starts)),
        )


def _texts(values: Sequence[str]) -> Array:
    return Array(list(values), type=DataType.string())
