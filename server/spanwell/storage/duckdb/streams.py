"""Reads whole lists from one state of the store, block by block: memory stays small, no thread waits for clients."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TypeVar

import duckdb

from spanwell.observability.model.blocks import Block, has_documents
from spanwell.observability.model.errors import ResourceExhausted, StorageUnavailable
from spanwell.observability.model.span import IDENTITY
from spanwell.observability.questions.ordering import position
from spanwell.observability.questions.queries import AssessmentQuery, ListQuery, SpanQuery, Window
from spanwell.storage.duckdb.blocks import ArrowReading, RowReading, Shape
from spanwell.storage.duckdb.conditions.scopes import OF_ASSESSMENTS, OF_SPANS, OF_TRACES, Scope
from spanwell.storage.duckdb.files.database import Database
from spanwell.storage.duckdb.files.snapshots import Snapshot
from spanwell.storage.duckdb.reading import statements
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.reading.records import to_records, to_spans, to_traces
from spanwell.storage.duckdb.tables.columns import ASSESSMENTS, SPANS, TRACES

T = TypeVar("T")

_FIRST = 262_144
_MOST = 1_048_576
"""Records of the first and of all other pages: DuckDB sorts so many at a time, and gives them in batches."""
_FIRST_WITH_DOCUMENTS = 256
_MOST_WITH_DOCUMENTS = 4_096
_BYTES = 8 * 1024 * 1024
"""Records of a page if some are documents, whose size is still unknown, and bytes of text after which it ends."""


class Streams:
    """One thread that reads blocks for all streams in turn."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spanwell-export")

    async def stream(self, query: ListQuery) -> AsyncGenerator[Block]:
        """Yield all records of a query in blocks from one snapshot (`ObservabilityStorage.stream`)."""
        shape = _shape(query)
        documents = has_documents(stored.column for stored in shape.columns)
        size, after = _FIRST_WITH_DOCUMENTS if documents else _FIRST, query.window.after
        async with self._snapshot() as snapshot:
            while True:
                page = replace(query, window=Window(size, after=after))
                statement = statements.page(_scope(query), page, shape.columns)
                reading = (
                    RowReading(statement, shape, size, _BYTES) if documents else ArrowReading(statement, shape, size)
                )
                read, last = 0, None
                while (block := await self._read(snapshot, reading.next)) is not None:
                    yield block
                    read, last = read + len(block), block.part(len(block) - 1, 1)
                if last is None or not reading.more:
                    return
                after = position(last.records()[0], query.order)
                size = min(2 * read, _MOST_WITH_DOCUMENTS) if documents else _MOST

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


def _shape(query: ListQuery) -> Shape:
    if isinstance(query, AssessmentQuery):
        kept = list(ASSESSMENTS[query.kind].values())
        return Shape(kept, partial(to_records, query.kind.record, columns=kept))
    if isinstance(query, SpanQuery):
        wanted = statements.chosen(SPANS, query.columns | IDENTITY)
        return Shape(wanted, partial(to_spans, columns=wanted))
    both = statements.trace_columns(query.columns, query.head_columns)
    return Shape(both, partial(to_traces, own=sum(stored.name in TRACES for stored in both), columns=both))


def _scope(query: ListQuery) -> Scope:
    if isinstance(query, AssessmentQuery):
        return OF_ASSESSMENTS[query.kind]
    return OF_SPANS if isinstance(query, SpanQuery) else OF_TRACES
