"""Runs queries in a few threads, each with its own cursor, so that the event loop never waits for DuckDB."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cache
from threading import local
from time import perf_counter
from typing import Any, TypeAlias, TypeVar

import duckdb

from spanwell.observability.model.errors import ResourceExhausted, StorageUnavailable
from spanwell.observability.room import Memory, count_read, take_room, turn_of_request
from spanwell.observability.threads import Threads
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.files.database import Database, is_given_up
from spanwell.storage.duckdb.statement_log import SILENT, StatementLog, timed

from .stoppable import Stoppable

T = TypeVar("T")

Row: TypeAlias = tuple[Any, ...]
Cursor: TypeAlias = duckdb.DuckDBPyConnection


_AT_ONCE = 16
"""Rows in the first fetch, when their size is still unknown; each further fetch doubles it."""
_NOTICEABLE = 32 * 1024 * 1024
"""Bytes by which memory may grow before the fetched text is counted."""
_WAITING = 64
"""How many searches may wait for a thread; four times as many look-ups may."""

memory_of_process = cache(Memory)


def fetch(cursor: Cursor, statement: Sql) -> list[Row]:
    """Return all rows of a statement. Raises `ResourceExhausted`."""
    began = perf_counter()
    with timed(cursor, statement):
        rows = _fetch(cursor, statement)
    count_read(len(rows), began)
    return rows


def _fetch(cursor: Cursor, statement: Sql) -> list[Row]:
    result = cursor.execute(statement.text, statement.values)
    step = _AT_ONCE
    rows: list[Row] = result.fetchmany(step)
    if len(rows) < step:
        return rows
    memory = memory_of_process()
    used = memory.used()
    more = rows
    while len(more) == step:
        step *= 2
        more = result.fetchmany(step)
        rows += more
        now = memory.used()
        if now > used + _NOTICEABLE:
            take_room(_letters(more))
            used = now
    return rows


def _letters(rows: list[Row]) -> int:
    return sum([len(value) for row in rows for value in row if isinstance(value, str)])


def fetch_few(cursor: Cursor, statement: Sql, most: int) -> list[Row] | None:
    """Return all rows of a statement, or None if there are more than `most`; DuckDB then stops reading."""
    began = perf_counter()
    with timed(cursor, statement):
        rows: list[Row] = cursor.execute(statement.text, statement.values).fetchmany(most + 1)
    count_read(len(rows), began)
    return rows if len(rows) <= most else None


def fetch_up_to(cursor: Cursor, statement: Sql, most: int, letters: int) -> tuple[list[Row], bool]:
    """Return the first rows of a statement, and whether there are more: up to `most` rows or `letters` of text."""
    with timed(cursor, statement):
        result = cursor.execute(statement.text, statement.values)
        rows: list[Row] = []
        while len(rows) <= most and letters > 0:
            more = result.fetchmany(_AT_ONCE)
            rows += more
            letters -= _letters(more)
            if len(more) < _AT_ONCE:
                return rows[:most], len(rows) > most
    return rows[:most], True


@contextmanager
def one_state(cursor: Cursor) -> Generator[None]:
    """Let several statements read one state of the store. If one fails, `Readers` drops the cursor."""
    cursor.begin()
    yield
    cursor.rollback()


class Readers:
    """A bounded pool of reader threads over one database: some for look-ups, others for large searches.

    So quick reads never queue behind slow ones.
    """

    def __init__(self, database: Database, threads: int, statements: StatementLog = SILENT) -> None:
        self._database = database
        self._statements = statements
        self._own = local()
        self._looking_up = Threads(threads, "spanwell-read", 4 * _WAITING)
        self._searching = Threads(max(1, threads // 2), "spanwell-search", _WAITING)
        self._searches = set[Stoppable]()

    async def read(self, work: Callable[[Cursor], T]) -> T:
        """Run a read in a thread; if the caller is cancelled, DuckDB is interrupted.

        A read that fails because the database failed or was replaced is retried once. Raises `Overloaded` if too many
        are waiting.
        """
        return await self._read(self._looking_up, work, Stoppable())

    async def search(self, work: Callable[[Cursor], T]) -> T:
        """Like `read`, for reads that scan much of the store; a request runs one of them at a time."""
        reading = Stoppable()
        async with turn_of_request():
            self._searches.add(reading)
            try:
                return await self._read(self._searching, work, reading)
            finally:
                self._searches.discard(reading)

    def stop_searches(self) -> None:
        """Stop all running searches; their callers get an error that says that memory was needed."""
        for reading in tuple(self._searches):
            reading.interrupt()

    async def _read(self, threads: Threads, work: Callable[[Cursor], T], reading: Stoppable) -> T:
        try:
            return await threads.run(lambda: self._run(work, reading))
        except asyncio.CancelledError:
            reading.stop()
            raise
        except (duckdb.OutOfMemoryException, MemoryError) as error:
            raise ResourceExhausted("The query needs more memory than is available; use a narrower filter.") from error
        except duckdb.InterruptException as error:
            raise ResourceExhausted(
                "The query was stopped because a write needed its memory; use a narrower filter."
            ) from error
        except duckdb.Error as error:
            if is_given_up(error):
                raise StorageUnavailable("The store failed; it is being opened again.") from error
            raise

    def _run(self, work: Callable[[Cursor], T], reading: Stoppable) -> T:
        seen, closings = self._database.generation, self._database.gate.closings
        try:
            return self._attempt(work, reading)
        except duckdb.Error as error:
            if is_given_up(error):
                self._database.heal(seen)
            elif self._database.gate.closings == closings:
                raise
        return self._attempt(work, reading)

    def _attempt(self, work: Callable[[Cursor], T], reading: Stoppable) -> T:
        cursor = self._cursor()
        try:
            with self._database.used(cursor), self._statements.watched(), reading.on(cursor):
                return work(cursor)
        except Exception:
            self._database.drop(cursor)  # and with it its transaction, which DuckDB may lack the memory to roll back
            raise

    def close(self) -> None:
        """Wait for running reads and stop the threads."""
        self._looking_up.close()
        self._searching.close()

    def _cursor(self) -> Cursor:
        with self._database.used():
            cursor = self._own.cursor = self._database.renewed(getattr(self._own, "cursor", None))
        return cursor
