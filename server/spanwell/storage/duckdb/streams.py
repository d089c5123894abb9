"""Reads whole lists from one state of the store, block by block: memory stays small, no thread waits for clients."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TypeVar

import duckdb

from spanwell.observability.model.blocks import Block, most_records
from spanwell.observability.model.errors import ResourceExhausted, StorageUnavailable
from spanwell.observability.model.span import IDENTITY
from spanwell.observability.questions.ordering import position
from spanwell.observability.questions.queries import AssessmentQuery, ListQuery, SpanQuery, Window
from spanwell.storage.duckdb.blocks import RowBlock, Shape, read_block
from spanwell.storage.duckdb.conditions.scopes import OF_ASSESSMENTS, OF_SPANS, OF_TRACES, Scope
from spanwell.storage.duckdb.files.database import Database
from spanwell.storage.duckdb.files.snapshots import Snapshot
from spanwell.storage.duckdb.reading import statements
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.reading.records import to_records, to_spans, to_traces
from spanwell.storage.duckdb.tables.columns import ASSESSMENTS, SPANS, TRACES

T = TypeVar("T")

_GROWTH = 16
"""How many times as many records as a block the next may have, or the largest as the first: their size is unknown."""
_BYTES = 8 * 1024 * 1024
"""Bytes of text after which a block should end."""


class Streams:
    """One thread that reads blocks for all streams in turn."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spanwell-export")

    async def stream(self, query: ListQuery) -> AsyncGenerator[Block]:
        """Yield all records of a query in blocks from one snapshot (`ObservabilityStorage.stream`)."""
        most = most_records(stored.column for stored in _shape(query).columns)
        size, after = max(1, most // _GROWTH), query.window.after
        async with self._snapshot() as snapshot:
            while True:
                page = replace(query, window=Window(size, after=after))
                block, more = await self._read(snapshot, partial(_read_block, page))
                if block:
                    yield block
                    (last,) = block.part(len(block) - 1, 1).records()
                    after = position(last, query.order)
                if not more:
                    return
                size = max(1, min(_GROWTH * len(block), most, len(block) * _BYTES // block.size))

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


def _read_block(query: ListQuery, cursor: Cursor) -> tuple[RowBlock, bool]:
    """Return the records of a block, fewer if they are large, and whether there are more."""
    shape = _shape(query)
    return read_block(cursor, statements.page(_scope(query), query, shape.columns), shape, query.window.size, _BYTES)


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
