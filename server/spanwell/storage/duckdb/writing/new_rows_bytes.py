"""Rows of new traces as bytes, in which they go from one process to another: two Arrow streams and two counts."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any, TypeAlias

from arro3.core import Field, Schema, Table
from nanoarrow import c_array_stream, ipc

from spanwell.storage.duckdb.tables.columns import HEADS, LAST_STARTED_AT, SPANS, TRACES, Stored

from .new_rows import Arrays, Fresh

_IPC: Any = ipc
_array_stream: Any = c_array_stream

FreshBytes: TypeAlias = tuple[int, bytes, int, bytes]
"""How many spans there are, and their columns; how many traces, and theirs."""


def _named(columns: Iterable[Stored]) -> Mapping[str, Stored]:
    return {stored.name: stored for stored in columns}


_SPANS = _named(SPANS.values())
_TRACES = _named((*TRACES.values(), *HEADS.values(), LAST_STARTED_AT))


def to_bytes(rows: Fresh) -> FreshBytes:
    """Return rows as bytes."""
    return rows.count, _written(rows.spans), rows.trace_count, _written(rows.traces)


def of_bytes(written: FreshBytes) -> Fresh:
    """Return the rows that bytes are."""
    count, spans, trace_count, traces = written
    return Fresh(count, _read(spans, _SPANS), trace_count, _read(traces, _TRACES))


def _written(arrays: Arrays) -> bytes:
    schema = Schema([Field(stored.name, array.type) for stored, array in arrays.items()])
    written = BytesIO()
    with _IPC.StreamWriter.from_writable(written) as writer:
        writer.write_stream(Table.from_arrays(list(arrays.values()), schema=schema))
    return written.getvalue()


def _read(written: bytes, columns: Mapping[str, Stored]) -> Arrays:
    table = Table.from_arrow(_array_stream(_IPC.InputStream.from_readable(BytesIO(written))))
    return {columns[name]: table.column(name).combine_chunks() for name in table.column_names}
