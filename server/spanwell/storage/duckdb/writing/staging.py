"""Writes rows: columns are staged as an Arrow table, and one statement moves them to where they belong."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager

from arro3.core import Array, ChunkedArray, DataType, Field, Schema, Table

from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.tables.columns import ATTRIBUTES, HEADS, SPANS, Stored
from spanwell.storage.duckdb.tables.shared_text import REPEATED, is_shortened_sql

from .arrow import Values, arrays_of, arrow_field

_STAGED = "staged"
_ROW = "row"

Arrays = Mapping[Stored, Array | ChunkedArray]
"""A table's columns as Arrow has them."""


@contextmanager
def _staged(cursor: Cursor, columns: Arrays, rows: Sequence[int] = ()) -> Generator[None]:
    arrays = list(columns.values())
    fields = [arrow_field(stored, array) for stored, array in columns.items()]
    if rows:
        arrays.append(Array(list(rows), type=DataType.int64()))
        fields.append(Field(_ROW, DataType.int64()))
    cursor.register(_STAGED, Table.from_arrays(arrays, schema=Schema(fields)))
    try:
        yield
    finally:
        cursor.unregister(_STAGED)


def insert(cursor: Cursor, table: str, values: Values) -> None:
    """Add rows to a table. Columns in which nothing is given are left out, which is what most are."""
    given = {stored: each for stored, each in values.items() if each.count(None) < len(each)}
    insert_arrays(cursor, table, arrays_of(given))


def insert_arrays(cursor: Cursor, table: str, columns: Arrays) -> None:
    """Add rows to a table. Columns that are left out are null."""
    names = ", ".join(f'"{stored.name}"' for stored in columns)
    selected = ", ".join(stored.staged_in(_STAGED) for stored in columns)
    with _staged(cursor, columns):
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {selected} FROM {_STAGED}")


def update(cursor: Cursor, table: str, rows: Sequence[int], values: Values) -> None:
    """Change some columns of rows, which are named by their row ids."""
    changes = ", ".join(f'"{stored.name}" = {stored.staged_in(_STAGED)}' for stored in values)
    asked = f"FROM {_STAGED} WHERE {table}.rowid = {_STAGED}.{_ROW} AND {table}.rowid BETWEEN ? AND ?"
    bounds = min(rows), max(rows)
    with _staged(cursor, arrays_of(values), rows):
        attributes = _left_beside(values)
        if attributes is not None and _has_short(cursor, table, attributes, bounds):
            made_whole = f'"{attributes.name}" = {attributes.whole_in(f"{table}.")}'
            cursor.execute(f"UPDATE {table} SET {made_whole} {asked} AND {_is_short(table, attributes)}", bounds)
        cursor.execute(f"UPDATE {table} SET {changes} {asked}", bounds)


def _left_beside(values: Values) -> Stored | None:
    """Return the column of attributes if it stays as it is while what may be repeated in it is changed."""
    for columns in (SPANS, HEADS):
        if columns[ATTRIBUTES] not in values and any(columns[name] in values for name in REPEATED):
            return columns[ATTRIBUTES]
    return None


def _has_short(cursor: Cursor, table: str, attributes: Stored, bounds: tuple[int, int]) -> bool:
    """Return whether there are shortened attributes near some rows: of most there are none, which is soon known."""
    asked = f"SELECT 1 FROM {table} WHERE rowid BETWEEN ? AND ? AND {_is_short(table, attributes)} LIMIT 1"
    return cursor.execute(asked, bounds).fetchone() is not None


def _is_short(table: str, attributes: Stored) -> str:
    return is_shortened_sql(f'{table}."{attributes.name}"')


def delete(cursor: Cursor, table: str, rows: Sequence[int]) -> None:
    """Delete rows, which are named by their row ids."""
    cursor.execute(
        f"DELETE FROM {table} WHERE rowid IN (SELECT unnest(?::BIGINT[])) AND rowid BETWEEN ? AND ?",
        (list(rows), min(rows), max(rows)),
    )
