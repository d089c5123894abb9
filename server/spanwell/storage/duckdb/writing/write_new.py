"""Inserts the rows of traces that are whole and new, of several batches together."""

from collections.abc import Sequence

from arro3.core import Array, ChunkedArray

from spanwell.observability.model.columns import Nanos
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.tables.columns import Stored

from .arrow import arrow_array
from .new_rows import NOW_OF_SPANS, NOW_OF_TRACES, Arrays, Fresh
from .staging import insert_arrays


def write_fresh(cursor: Cursor, batches: Sequence[Fresh], now: Nanos) -> None:
    """Insert the rows of some batches, which were stored at a moment."""
    if batches:
        _insert(cursor, "spans", [(batch.count, batch.spans) for batch in batches], NOW_OF_SPANS, now)
        _insert(cursor, "traces", [(batch.trace_count, batch.traces) for batch in batches], NOW_OF_TRACES, now)


def _insert(
    cursor: Cursor, table: str, parts: Sequence[tuple[int, Arrays]], clocked: Sequence[Stored], now: Nanos
) -> None:
    columns = dict.fromkeys(stored for _, arrays in parts for stored in arrays)
    together = {
        stored: ChunkedArray([arrays[stored] if stored in arrays else _of(stored, None, n) for n, arrays in parts])
        for stored in columns
    }
    together |= {stored: ChunkedArray([_of(stored, now, count) for count, _ in parts]) for stored in clocked}
    insert_arrays(cursor, table, together)


def _of(stored: Stored, value: object, count: int) -> Array:
    return arrow_array(stored.column.kind, [value] * count)
