"""Writes rows: columns are staged as an Arrow table, and one statement moves them to where they belong."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from arro3.core import Array, ChunkedArray, DataType, Field, Schema, Table

from .readers import Cursor
from .tables import Stored, arrow_array, arrow_field

_STAGED = "staged"
_ROW = "row"

Values = Mapping[Stored, list[Any]]
"""A table's columns and their values, as many as there are rows."""


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
    insert_arrays(
        cursor, table, _arrays({stored: each for stored, each in values.items() if each.count(None) < len(each)})
    )


def insert_arrays(cursor: Cursor, table: str, columns: Arrays) -> None:
    """Add rows to a table. Columns that are left out are null."""
    names = ", ".join(f'"{stored.name}"' for stored in columns)
    selected = ", ".join(stored.staged_in(_STAGED) for stored in columns)
    with _staged(cursor, columns):
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {selected} FROM {_STAGED}")


def update(cursor: Cursor, table: str, rows: Sequence[int], values: Values) -> None:
    """Change some columns of rows, which are named by their row ids."""
    changes = ", ".join(f'"{stored.name}" = {stored.staged_in(_STAGED)}' for stored in values)
    with _staged(cursor, _arrays(values), rows):
        cursor.execute(
            f"UPDATE {table} SET {changes} FROM {_STAGED}"
            f" WHERE {table}.rowid = {_STAGED}.{_ROW} AND {table}.rowid BETWEEN ? AND ?",
            (min(rows), max(rows)),
        )


def _arrays(values: Values) -> Arrays:
    return {stored: arrow_array(stored.column.kind, column) for stored, column in values.items()}


def delete(cursor: Cursor, table: str, rows: Sequence[int]) -> None:
    """Delete rows, which are named by their row ids."""
    cursor.execute(
        f"DELETE FROM {table} WHERE rowid IN (SELECT unnest(?::BIGINT[])) AND rowid BETWEEN ? AND ?",
        (list(rows), min(rows), max(rows)),
    )
