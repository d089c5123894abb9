"""Reads the results of statements as Arrow tables, without making Python objects of them."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from time import perf_counter

import duckdb
from arro3.core import RecordBatch, RecordBatchReader, Table

from spanwell.observability.model.errors import SpanwellError
from spanwell.observability.room import count_read
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.reading.readers import Cursor, memory_of_process
from spanwell.storage.duckdb.statement_log import timed

_ERRORS: Mapping[str, type[duckdb.Error]] = {
    "INTERRUPT Error": duckdb.InterruptException,
    "Out of Memory Error": duckdb.OutOfMemoryException,
    "FATAL Error": duckdb.FatalException,
    "INTERNAL Error": duckdb.InternalException,
}


def arrow_table(cursor: Cursor, statement: Sql) -> Table:
    """Return all rows of a statement. Raises `ResourceExhausted`, as `fetch` does."""
    began, memory = perf_counter(), memory_of_process()
    with timed(cursor, statement), errors_of_duckdb():
        reader = arrow_batches(cursor, statement)
        batches: list[RecordBatch] = []
        for batch in reader:
            memory.used()
            batches.append(batch)
    count_read(sum(batch.num_rows for batch in batches), began)
    return Table.from_batches(batches, schema=reader.schema)


def arrow_batches(cursor: Cursor, statement: Sql) -> RecordBatchReader:
    """Return the rows of a statement in batches; to be read within `errors_of_duckdb`."""
    cursor.abort()  # the rest of what was read last, or DuckDB refuses
    return RecordBatchReader.from_stream(cursor.sql(statement.text, params=statement.values))


@contextmanager
def errors_of_duckdb() -> Generator[None]:
    """Raise DuckDB's errors as such: Arrow's interface only passes on their text."""
    try:
        yield
    except (duckdb.Error, SpanwellError):
        raise
    except Exception as error:
        text = str(error)
        kind = next((kind for name, kind in _ERRORS.items() if name in text), duckdb.Error)
        raise kind(text) from error
