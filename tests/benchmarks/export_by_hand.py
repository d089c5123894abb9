"""An export as a good engineer would write it by hand: rows in JSON or CSV piece by piece, or Arrow batches."""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO

import duckdb
import orjson
from arro3.core import RecordBatchReader
from arro3.io import write_parquet

_ROWS = 4_096


def export_by_hand(cursor: duckdb.DuckDBPyConnection, format_: str, sql: str) -> bytes:
    """Return the bytes that a client gets of a query in a format."""
    if format_ == "parquet":
        return _parquet(cursor, sql)
    cursor.execute(sql)
    return b"".join(_json(cursor) if format_ == "jsonl" else _csv(cursor))


def _parquet(cursor: duckdb.DuckDBPyConnection, sql: str) -> bytes:
    file = BytesIO()
    write_parquet(RecordBatchReader.from_stream(cursor.sql(sql)), file, compression="zstd(3)")
    return file.getvalue()


def _json(cursor: duckdb.DuckDBPyConnection) -> Iterator[bytes]:
    names = [column[0] for column in cursor.description or ()]
    while rows := cursor.fetchmany(_ROWS):
        records = (dict(zip(names, row, strict=True)) for row in rows)
        yield b"".join([orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z) for each in records])


def _csv(cursor: duckdb.DuckDBPyConnection) -> Iterator[bytes]:
    while rows := cursor.fetchmany(_ROWS):
        file = StringIO()
        csv.writer(file).writerows(rows)
        yield file.getvalue().encode()
