"""Serialises the rows of a batch, to pass them between processes."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, TypeAlias

from arro3.core import Array, Field, Schema, Table
from nanoarrow import c_array_stream, ipc

from spanwell.observability.conventions.prices import PUBLIC, Prices
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.storage.duckdb.tables.columns import HEADS, ROLLUPS, SPANS, Stored

from .remembered import Remembered
from .row_values import GivenValues
from .span_rows import Arrays, PreparedRows, span_rows

_IPC: Any = ipc
_array_stream: Any = c_array_stream

_TABLES: tuple[Mapping[str, Stored], ...] = (SPANS, {s.name: s for s in (*ROLLUPS.values(), *HEADS.values())})
RowsBytes: TypeAlias = tuple[bytes, bytes, bytes]
"""Rows of `spans` and `traces` as Arrow streams, and the packed `Remembered`."""


def rows_as_bytes(given: SpanColumns, prices: Prices = PUBLIC) -> RowsBytes:
    """Return the rows of a batch as bytes."""
    rows = span_rows(given, prices)
    return _written(rows.spans), _written(rows.traces or {}), rows.remembered.packed


def batch_of_bytes(written: RowsBytes) -> SpanColumns:
    """Return the batch that `rows_as_bytes` serialised."""
    spans, traces = (_read(each, table) for each, table in zip(written[:2], _TABLES, strict=True))
    given = SpanColumns(GivenValues(spans))
    given.rows = PreparedRows(spans, traces or None, Remembered(written[2]))
    return given


def _written(arrays: Arrays) -> bytes:
    schema = Schema([Field(stored.name, array.type) for stored, array in arrays.items()])
    written = BytesIO()
    with _IPC.StreamWriter.from_writable(written) as writer:
        writer.write_stream(Table.from_arrays(list(arrays.values()), schema=schema))
    return written.getvalue()


def _read(written: bytes, columns: Mapping[str, Stored]) -> dict[Stored, Array]:
    table = Table.from_arrow(_array_stream(_IPC.InputStream.from_readable(BytesIO(written))))
    return {columns[name]: table.column(name).combine_chunks() for name in table.column_names}
