"""An export as a good engineer would write it by hand: rows in JSON or CSV piece by piece, or Arrow batches."""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO

import orjson
from arro3.core import RecordBatchReader
from arro3.io import write_parquet

from .case import ByHand, Cursor

_ROWS = 4_096
_FIELDS = 'trace_id AS "traceId", span_id AS "spanId", name, {0} AS "startedAt", duration_ms AS "durationMs", status'
_MAIL = " FROM spans WHERE service_name = 'mail' ORDER BY started_at DESC, trace_id, span_id"
_WITH_TEXT = "SELECT " + _FIELDS.format("strftime(started_at, '%Y-%m-%dT%H:%M:%S.%nZ')") + _MAIL
"""Moments as text: DuckDB gives Python only microseconds."""
_WITH_MOMENTS = "SELECT " + _FIELDS.format("started_at") + _MAIL


def export(format_: str) -> ByHand:
    """Return what gives the file that a client gets."""
    return {"jsonl": _json, "csv": _csv, "parquet": _parquet}[format_]


def _parquet(cursor: Cursor) -> bytes:
    file = BytesIO()
    write_parquet(RecordBatchReader.from_stream(cursor.sql(_WITH_MOMENTS)), file, compression="zstd(3)")
    return file.getvalue()


def _json(cursor: Cursor) -> bytes:
    return b"".join(_lines(cursor))


def _lines(cursor: Cursor) -> Iterator[bytes]:
    cursor.execute(_WITH_TEXT)
    names = _names(cursor)
    while rows := cursor.fetchmany(_ROWS):
        records = (dict(zip(names, row, strict=True)) for row in rows)
        yield b"".join([orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in records])


def _names(cursor: Cursor) -> list[str]:
    return [column[0] for column in cursor.description or ()]


def _csv(cursor: Cursor) -> bytes:
    return b"".join(_cells(cursor))


def _cells(cursor: Cursor) -> Iterator[bytes]:
    cursor.execute(_WITH_TEXT)
    found = [tuple(_names(cursor))]
    while found:
        file = StringIO()
        csv.writer(file).writerows(found)
        yield file.getvalue().encode()
        found = cursor.fetchmany(_ROWS)
