"""Reads whole lists from one state of the store, page by page: memory stays small, and no thread waits for clients."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TypeVar

import duckdb

from spanwell.observability.model.errors import ResourceExhausted, StorageUnavailable
from spanwell.observability.model.record import Listed
from spanwell.observability.model.span import IDENTITY
from spanwell.observability.questions.ordering import position
from spanwell.observability.questions.queries import AssessmentQuery, ListQuery, SpanQuery, Window
from spanwell.storage.duckdb.conditions.scopes import OF_ASSESSMENTS
from spanwell.storage.duckdb.files.database import Database
from spanwell.storage.duckdb.files.snapshots import Snapshot
from spanwell.storage.duckdb.reading import statements
from spanwell.storage.duckdb.reading.readers import Cursor, fetch_up_to
from spanwell.storage.duckdb.reading.records import to_records, to_spans, to_traces
from spanwell.storage.duckdb.tables.columns import ASSESSMENTS, SPANS, TRACES

T = TypeVar("T")

_FIRST = 256
_MOST = 4_096
"""Records per page: the first page is small, since their size is still unknown."""
_LETTERS = 4 * 1024 * 1024
"""Characters of text after which a page ends."""


class Streams:
    """One thread that reads pages for all streams in turn."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spanwell-export")

    async def stream(self, query: ListQuery) -> AsyncGenerator[Sequence[Listed]]:
        """Yield all records of a query in blocks from one snapshot (`ObservabilityStorage.stream`)."""
        size, after = _FIRST, query.window.after
        async with self._snapshot() as snapshot:
            while True:
                page = replace(query, window=Window(size, after=after))
                found, more = await self._read(snapshot, partial(_read_page, page))
                if found:
                    yield found
                    after = position(found[-1], query.order)
                if not more:
                    return
                size = min(2 * len(found), _MOST)

    @asynccontextmanager
    async def _snapshot(self) -> AsyncGenerator[Snapshot]:
        snapshot = await self._run(self._take)
        try:
            yield snapshot
        finally:
            with suppress(RuntimeError):  # the store was closed, which ended all snapshots
                self._thread.submit(self._database.snapshots.end, snapshot)

    def _take(self) -> Snapshot:
        with self._database.used():
            return self._database.snapshots.take(self._database.cursor)

    async def _read(self, snapshot: Snapshot, work: Callable[[Cursor], T]) -> T:
        def run() -> T:
            with self._database.used(snapshot.cursor):
                return snapshot.read(work)

        try:
            return await self._run(run)
        except asyncio.CancelledError:
            snapshot.cursor.interrupt()
            raise
        except (duckdb.OutOfMemoryException, MemoryError) as error:
            raise ResourceExhausted("The export needs more memory than is available; use a narrower filter.") from error
        except duckdb.Error as error:
            raise StorageUnavailable("The export was interrupted; try again.") from error

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """End all running streams."""
        self._database.snapshots.end_all()
        self._thread.shutdown(cancel_futures=True)


def _read_page(query: ListQuery, cursor: Cursor) -> tuple[Sequence[Listed], bool]:
    """Return the records of a page, fewer if they are large, and whether there are more."""
    if isinstance(query, AssessmentQuery):
        return _read_assessments(query, cursor)
    if isinstance(query, SpanQuery):
        wanted = statements.chosen(SPANS, query.columns | IDENTITY)
        rows, more = fetch_up_to(cursor, statements.spans_page(query, wanted), query.window.size, _LETTERS)
        return to_spans(rows, wanted), more
    chosen = statements.trace_columns(query.columns, query.head_columns)
    rows, more = fetch_up_to(cursor, statements.traces_page(query, chosen), query.window.size, _LETTERS)
    return to_traces(rows, sum(stored.name in TRACES for stored in chosen), chosen), more


def _read_assessments(query: AssessmentQuery, cursor: Cursor) -> tuple[Sequence[Listed], bool]:
    columns = list(ASSESSMENTS[query.kind].values())
    statement = statements.page(OF_ASSESSMENTS[query.kind], query, columns)
    rows, more = fetch_up_to(cursor, statement, query.window.size, _LETTERS)
    return to_records(query.kind.record, rows, columns), more
