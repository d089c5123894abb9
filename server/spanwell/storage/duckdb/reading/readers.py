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
from spanwell.storage.duckdb.files.database import Database, is_given_up

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

    def __init__(self, database: Database, threads: int) -> None:
        self._database = database
        self._own = local()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="spanwell-read")

    async def read(self, work: Callable[[Cursor], T]) -> T:
        """Run some reading in a thread; if the caller gives up, DuckDB is told to stop.

        What fails as the database fails, or is replaced, is run once more.
        """
        running: list[Cursor] = []
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._run, work, running)
        except asyncio.CancelledError:
            for cursor in running:
                cursor.interrupt()
            raise
        except duckdb.OutOfMemoryException as error:
            raise ResourceExhausted("The query needs more memory than the server may take; narrow it.") from error
        except duckdb.Error as error:
            if is_given_up(error):
                raise StorageUnavailable("The store failed; it is being opened again.") from error
            raise

    def _run(self, work: Callable[[Cursor], T], running: list[Cursor]) -> T:
        seen = self._database.generation
        try:
            return self._attempt(work, running)
        except duckdb.Error as error:
            if is_given_up(error):
                self._database.heal(seen)
            elif self._database.generation == seen:
                raise
        return self._attempt(work, running)

    def _attempt(self, work: Callable[[Cursor], T], running: list[Cursor]) -> T:
        cursor = self._cursor()
        with self._database.used(cursor):
            running.append(cursor)
            try:
                return work(cursor)
            finally:
                running.clear()

    def close(self) -> None:
        """Wait for the reading that is under way and stop the threads."""
        self._pool.shutdown(cancel_futures=True)

    def _cursor(self) -> Cursor:
        if not hasattr(self._own, "cursor"):
            with self._database.used():
                self._own.cursor = self._database.cursor()
        cursor: Cursor = self._own.cursor
        return cursor
