"""Runs queries in a few threads, each with a cursor of its own, so that the event loop never waits for DuckDB."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import Any, TypeAlias, TypeVar

import duckdb

from spanwell.observability.model.errors import ResourceExhausted, StorageUnavailable
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.tables.connection import cursor_of

T = TypeVar("T")

_log = logging.getLogger("spanwell.storage.duckdb.conditions.sql")

Row: TypeAlias = tuple[Any, ...]
Cursor: TypeAlias = duckdb.DuckDBPyConnection


def fetch(cursor: Cursor, statement: Sql) -> list[Row]:
    """Return all rows of a statement, which is logged for those who debug."""
    if _log.isEnabledFor(logging.DEBUG):
        _log.debug("%s\n--> %r", statement.text, list(statement.values))
    return cursor.execute(statement.text, statement.values).fetchall()


class Readers:
    """A bounded set of reading threads over one database."""

    def __init__(self, connection: Cursor, threads: int) -> None:
        self._connection = connection
        self._own = local()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="spanwell-read")

    async def read(self, work: Callable[[Cursor], T]) -> T:
        """Run some reading in a thread; if the caller gives up, DuckDB is told to stop."""
        running: list[Cursor] = []

        def run() -> T:
            cursor = self._cursor()
            running.append(cursor)
            try:
                return work(cursor)
            finally:
                running.clear()

        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, run)
        except asyncio.CancelledError:
            for cursor in running:
                cursor.interrupt()
            raise
        except duckdb.OutOfMemoryException as error:
            raise ResourceExhausted("The query needs more memory than the server may take; narrow it.") from error
        except duckdb.FatalException as error:
            raise StorageUnavailable("The store failed and needs a restart.") from error

    def close(self) -> None:
        """Wait for the reading that is under way and stop the threads."""
        self._pool.shutdown(cancel_futures=True)

    def _cursor(self) -> Cursor:
        if not hasattr(self._own, "cursor"):
            self._own.cursor = cursor_of(self._connection)
        cursor: Cursor = self._own.cursor
        return cursor
