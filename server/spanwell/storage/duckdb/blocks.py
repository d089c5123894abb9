"""Blocks of a list as DuckDB gives them, of which Python reads what it needs.

Those without documents are Arrow tables. Where documents may be large, rows are fetched until a block is full.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from arro3.core import Array, RecordBatchReader, Table
from typing_extensions import override

from spanwell.observability.model.blocks import Block, has_documents
from spanwell.observability.model.record import Listed
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.reading.readers import Cursor, Row, fetch_up_to, letters
from spanwell.storage.duckdb.statement_log import timed
from spanwell.storage.duckdb.tables.columns import ATTRIBUTES, HEAD, Stored
from spanwell.storage.duckdb.tables.shared_text import REPEATED, whole


@dataclass(frozen=True)
class Shape:
    """The columns of rows, and what turns them into records."""

    columns: Sequence[Stored]
    make: Callable[[Sequence[Row]], Sequence[Listed]]

    def place(self, column: str) -> int:
        """Return the place of a column; of a trace's own, or else of its head's."""
        names = [stored.name for stored in self.columns]
        return names.index(column if column in names else HEAD + column)


class RowBlock(Block):
    """A block of rows as Python has them."""

    def __init__(self, rows: Sequence[Row], shape: Shape) -> None:
        self._rows = rows
        self._shape = shape

    @override
    def __len__(self) -> int:
        return len(self._rows)

    @property
    def size(self) -> int:
        """Roughly the bytes that it takes."""
        return letters(self._rows)

    @override
    def records(self) -> Sequence[Listed]:
        return self._shape.make(self._rows)

    @override
    def values(self, column: str) -> list[Any]:
        values = self._stored(self._shape.place(column))
        if column != ATTRIBUTES:
            return values
        return list(map(whole, values, *(self._stored(self._shape.place(name)) for name in REPEATED)))

    @override
    def arrow(self, column: str) -> Array | None:
        return None

    @override
    def part(self, start: int, length: int) -> "RowBlock":
        return RowBlock(self._rows[start : start + length], self._shape)

    def _stored(self, place: int) -> list[Any]:
        return [row[place] for row in self._rows]


class ArrowBlock(RowBlock):
    """A block of rows without documents."""

    def __init__(self, table: Table, shape: Shape) -> None:
        super().__init__((), shape)
        self._table = table

    @override
    def __len__(self) -> int:
        return self._table.num_rows

    @property
    @override
    def size(self) -> int:
        return self._table.nbytes

    @override
    def records(self) -> Sequence[Listed]:
        return self._shape.make(list(zip(*map(self._stored, range(self._table.num_columns)), strict=True)))

    @override
    def arrow(self, column: str) -> Array:
        return self._table.column(self._shape.place(column)).combine_chunks()

    @override
    def part(self, start: int, length: int) -> "ArrowBlock":
        table = self._table.slice(start, min(length, len(self) - start))
        return ArrowBlock(table, self._shape)

    @override
    def _stored(self, place: int) -> list[Any]:
        return list(self._table.column(place).to_pylist())


def read_block(cursor: Cursor, statement: Sql, shape: Shape, most: int, size: int) -> tuple[RowBlock, bool]:
    """Return the first rows of a statement, up to `most`, and whether there are more.

    Documents end the block after some bytes.
    """
    if has_documents(stored.column for stored in shape.columns):
        rows, more = fetch_up_to(cursor, statement, most, size)
        return RowBlock(rows, shape), more
    with timed(cursor, statement):
        table = RecordBatchReader.from_stream(cursor.sql(statement.text, params=statement.values)).read_all()
    return ArrowBlock(table, shape).part(0, most), table.num_rows > most
