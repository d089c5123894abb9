"""Blocks of a list as DuckDB gives them, of which Python reads what it needs.

Those without documents are Arrow tables. Where documents may be large, rows are fetched until a block is full.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import accumulate
from operator import itemgetter
from typing import Any

from arro3.core import Array, RecordBatchReader, Table
from typing_extensions import override

from spanwell.observability.model.blocks import Block, RecordBlock
from spanwell.observability.model.record import Listed
from spanwell.observability.questions.queries import Columns
from spanwell.storage.duckdb.arrow_reads import arrow_batches, arrow_table, errors_of_duckdb
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.reading import statements
from spanwell.storage.duckdb.reading.readers import Cursor, Row, fetch, fetch_up_to
from spanwell.storage.duckdb.reading.records import to_spans
from spanwell.storage.duckdb.reading.span_reading import are_few
from spanwell.storage.duckdb.reading.time_ranges import Stretch, stretches_of, together
from spanwell.storage.duckdb.statement_log import timed
from spanwell.storage.duckdb.tables.columns import ATTRIBUTES, HEAD, SPANS, Stored
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

    @cached_property
    def _columns(self) -> list[tuple[Any, ...]]:
        return list(zip(*self._rows, strict=True))

    def _stored(self, place: int) -> list[Any]:
        return list(self._columns[place])


class ArrowBlock(RowBlock):
    """A block of rows without documents."""

    def __init__(self, table: Table, shape: Shape) -> None:
        super().__init__((), shape)
        self._table = table

    @override
    def __len__(self) -> int:
        return self._table.num_rows

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


class Reading(ABC):
    """The blocks of one page; `more` says after them whether there are more pages."""

    more = False

    @abstractmethod
    def next(self, cursor: Cursor) -> RowBlock | None:
        """Return the next block; None if there is none."""


class RowReading(Reading):
    """A page whose documents may be large: one block, which ends after some bytes."""

    def __init__(self, statement: Sql, shape: Shape, size: int, most_bytes: int) -> None:
        self._asked: Sql | None = statement
        self._shape = shape
        self._size = size
        self._most_bytes = most_bytes

    @override
    def next(self, cursor: Cursor) -> RowBlock | None:
        statement, self._asked = self._asked, None
        if statement is None:
            return None
        rows, self.more = fetch_up_to(cursor, statement, self._size, self._most_bytes)
        return RowBlock(rows, self._shape) if rows else None


class ArrowReading(Reading):
    """A page without documents, which DuckDB gives batch by batch."""

    def __init__(self, statement: Sql, shape: Shape, size: int) -> None:
        self._statement = statement
        self._shape = shape
        self._left = size
        self._batches: RecordBatchReader | None = None

    @override
    def next(self, cursor: Cursor) -> RowBlock | None:
        with timed(cursor, self._statement), errors_of_duckdb():
            self._batches = self._batches or arrow_batches(cursor, self._statement)
            batch = next(self._batches, None)
        if batch is None:
            return None
        block = ArrowBlock(Table.from_batches([batch]), self._shape).part(0, self._left)
        self.more = batch.num_rows > len(block)
        self._left -= len(block)
        return block or None


_FEW = 4
"""The most traces that are read one by one; lists ask for a page of them, which began at about the same time."""


def read_trace_blocks(trace_ids: Sequence[str], columns: Columns, cursor: Cursor) -> list[Block]:
    """Return some columns of the spans of each trace (`ObservabilityStorage.get_trace_blocks`).

    A few traces are read one by one: together, whatever lies between them would be scanned, be it all of the store.
    """
    stretches = stretches_of(cursor, trace_ids)
    wanted = statements.chosen(SPANS, columns - {"trace_id"})
    found: dict[str, Block] = {}
    if stretches and len(trace_ids) > _FEW:
        found = _read_together(list(stretches), together([*stretches.values()]), wanted, cursor)
    else:
        for trace_id, stretch in stretches.items():
            if are_few(stretch, wanted):
                found[trace_id] = _read_few(trace_id, wanted, cursor)
            else:
                found |= _read_together([trace_id], stretch, wanted, cursor)
    return [found.get(trace_id, RecordBlock([])) for trace_id in trace_ids]


def _read_few(trace_id: str, wanted: Sequence[Stored], cursor: Cursor) -> RowBlock:
    """Return the spans of a small trace, read through the index and sorted here."""
    shape = [SPANS["tree_start"], SPANS["trace_id"], *wanted]
    rows = fetch(cursor, statements.whole_trace(trace_id, shape))
    return RowBlock(sorted(rows, key=itemgetter(0)), Shape(shape, partial(to_spans, columns=shape)))


def _read_together(
    trace_ids: Sequence[str], stretch: Stretch, wanted: Sequence[Stored], cursor: Cursor
) -> dict[str, Block]:
    """Return the spans of traces, all of which started within a stretch, by trace id."""
    shape = [SPANS["trace_id"], *wanted]
    table = arrow_table(cursor, statements.whole_traces(trace_ids, stretch.started, wanted))
    whole = ArrowBlock(table, Shape(shape, partial(to_spans, columns=shape)))
    counts = Counter(whole.values("trace_id")) if len(trace_ids) > 1 else {trace_ids[0]: len(whole)}
    starts = accumulate(counts.values(), initial=0)
    return {trace_id: whole.part(start, counts[trace_id]) for trace_id, start in zip(counts, starts, strict=False)}
