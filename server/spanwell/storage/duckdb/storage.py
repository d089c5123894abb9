"""The DuckDB store: each method is one statement or one write."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from typing_extensions import override

from spanwell.observability.conventions.prices import PUBLIC, Prices
from spanwell.observability.derivation.batches import Created, Deleted, Updated
from spanwell.observability.derivation.merge import SpanUpdate, columns_of_updates, columns_to_change
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span, SpanKey
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import ALWAYS, Condition
from spanwell.observability.questions.queries import (
    ALL_SPAN_COLUMNS,
    ALL_TRACE_COLUMNS,
    Columns,
    Page,
    Preview,
    SpanQuery,
    TraceQuery,
)
from spanwell.observability.questions.removals import Removal
from spanwell.observability.questions.statistics import USAGE, Stats, StatsQuery
from spanwell.observability.questions.tree_facts import BelowQuery, Surroundings
from spanwell.observability.storage import StorageSize, TracingStrategies, TracingStrategy
from spanwell.storage.duckdb.conditions.scopes import OF_SPANS, OF_TRACES
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.conditions.structure import needs_places
from spanwell.storage.duckdb.reading.discovering.known_keys import KnownKeys
from spanwell.storage.duckdb.reading.large_traces import LargeTraces
from spanwell.storage.duckdb.reading.readers import Readers, fetch
from spanwell.storage.duckdb.reading.records import to_traces
from spanwell.storage.duckdb.reading.statistics import read_stats
from spanwell.storage.duckdb.streams import Streams
from spanwell.storage.duckdb.tables.columns import TRACES
from spanwell.storage.duckdb.tables.connection import MEMORY, told
from spanwell.storage.duckdb.upkeep.figures import figures
from spanwell.storage.duckdb.upkeep.reclaiming import back_up, reclaim
from spanwell.storage.duckdb.writing.rows.span_rows import span_rows
from spanwell.storage.duckdb.writing.transaction import Transaction
from spanwell.storage.duckdb.writing.work import Work
from spanwell.storage.duckdb.writing.writer import Writer

from .assessing import AssessingStorage
from .explaining import PLACED, ExplainingStorage
from .learning import Learning
from .opening import open_database
from .reading import changes, span_reading, statements, tree_reading
from .statement_log import SILENT, StatementLog

_PLACED_AT_ONCE = 500
"""How many traces get places in one transaction."""


class DuckDBStorage(AssessingStorage, ExplainingStorage):
    """Stores spans in memory or in a DuckDB file that only this process has open."""

    def __init__(  # noqa: PLR0913 - one for each setting of a store
        self,
        db: str = MEMORY,
        *,
        read_threads: int = 4,
        memory_limit: str = "",
        statements: StatementLog = SILENT,
        prices: Prices = PUBLIC,
        copies_old: bool = True,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._db = db
        self._read_threads = read_threads
        self._memory_limit = memory_limit
        self._statements = statements
        self._prices = prices
        self._copies_old = copies_old
        self._large_traces = LargeTraces()
        self._clock = clock

    @property
    def tracing_strategy(self) -> TracingStrategies:
        """Both strategies; batches cost less per span."""
        return TracingStrategies(TracingStrategy.BATCH_WITH_UPDATES, tuple(TracingStrategy))

    @override
    async def init(self) -> None:
        await asyncio.to_thread(self._open)
        self._learning.soon()

    def _open(self) -> None:
        """Open the file. Runs in a thread, since signals are not handled while the main thread is inside DuckDB."""
        self._database = open_database(self._db, self._memory_limit, copies_old=self._copies_old)
        try:
            with told(self._db):
                self._readers = Readers(self._database, self._read_threads, self._statements)
                self._streams = Streams(self._database)
                self._writer = Writer(self._database, self._clock, self._readers.stop_searches)
                keys = KnownKeys(self._database.cursor())
        except BaseException:
            self._database.close()
            raise
        self._learning = Learning(keys, self._readers, self._writer)
        self._stager = ThreadPoolExecutor(1, thread_name_prefix="spanwell-stage")
        self._copier = ThreadPoolExecutor(1, thread_name_prefix="spanwell-copy")

    @override
    async def close(self) -> None:
        await self._learning.stop()
        self._stager.shutdown()
        self._copier.shutdown()
        self._streams.close()
        self._writer.close()
        self._readers.close()
        self._database.close()

    @override
    async def get_size(self) -> StorageSize:
        return await self._readers.read(self._database.size)

    @override
    def figures(self) -> Mapping[str, tuple[str, float]]:
        return {**super().figures(), **figures(self._database, self._writer)}

    @override
    async def backup(self, target: Path) -> int:
        return await back_up(self._database, target, self._copier)

    @override
    async def reclaim(self) -> None:
        if await reclaim(self._database, self._writer, self._readers, self._copier):
            self._learning.keys.forget()
            self._learning.soon()

    @override
    def check_ready(self) -> None:
        self._database.check_ready()

    @override
    async def batch_create_spans(self, spans: Sequence[Span]) -> Created:
        batch = SpanColumns.of(spans)
        rows = self._stager.submit(span_rows, batch, self._prices)
        ids, columns = set(batch.trace_ids), columns_to_change(batch.values)

        def create(transaction: Transaction) -> Created:
            return transaction.create(rows.result(), self._prices)

        created: Created = await self._writer.write(Work(create, ids, len(batch), columns, staged=rows))
        self._learning.soon()
        return created

    @override
    async def batch_update_spans(self, updates: Sequence[SpanUpdate]) -> Updated:
        run = partial(Transaction.update, updates=updates, prices=self._prices)
        ids = {update.trace_id for update in updates}
        updated: Updated = await self._writer.write(Work(run, ids, len(updates), columns_of_updates(updates)))
        self._learning.soon()
        return updated

    @override
    async def batch_delete_traces(self, trace_ids: Sequence[str], unchanged_since: Nanos | None = None) -> Deleted:
        ids = set(trace_ids)
        deleted: Deleted = await self._writer.write(Work(lambda each: each.delete(ids, unchanged_since), ids))
        return deleted

    @override
    async def dangerously_clear_all(self) -> Deleted:
        deleted: Deleted = await self._writer.write(Work(Transaction.clear, alone=True))
        self._learning.keys.forget()
        return deleted

    @override
    async def get_spans(self, keys: Sequence[SpanKey], columns: Columns = ALL_SPAN_COLUMNS) -> list[Span | None]:
        await self._placed(ALWAYS, columns, [trace_id for trace_id, _ in keys])
        found = {span.key: span for span in await self._readers.read(partial(span_reading.read_spans, keys, columns))}
        return [found.get(key) for key in keys]

    @override
    async def get_traces(
        self,
        trace_ids: Sequence[str],
        columns: Columns = ALL_TRACE_COLUMNS,
        head_columns: Columns = ALL_SPAN_COLUMNS,
    ) -> list[Trace | None]:
        await self._placed(ALWAYS, head_columns, trace_ids)
        chosen = statements.trace_columns(columns, head_columns)
        statement = statements.traces_by_id(trace_ids, chosen)
        own = sum(stored.name in TRACES for stored in chosen)
        traces = await self._readers.read(lambda cursor: to_traces(fetch(cursor, statement), own, chosen))
        found = {trace.trace_id: trace for trace in traces}
        return [found.get(trace_id) for trace_id in trace_ids]

    @override
    async def get_trace_with_spans(
        self,
        trace_id: str,
        query: SpanQuery,
        columns: Columns = ALL_TRACE_COLUMNS,
        head_columns: Columns = ALL_SPAN_COLUMNS,
    ) -> tuple[Trace, Page[Span]] | None:
        await self._placed(query.where, query.columns | head_columns, [trace_id])
        return await self._readers.read(
            partial(span_reading.read_trace_with_spans, self._large_traces, trace_id, query, columns, head_columns)
        )

    @override
    async def list_traces(self, query: TraceQuery) -> Page[Trace]:
        await self._placed(query.where, query.head_columns)
        return await self._readers.read(partial(changes.read_traces, query))

    @override
    async def count_traces(self, where: Condition) -> int:
        await self._placed(where)
        return await self._count(statements.count(OF_TRACES, where))

    @override
    async def list_spans(self, query: SpanQuery) -> Page[Span]:
        await self._placed(query.where, query.columns)
        return await self._readers.read(partial(changes.read_spans, query))

    @override
    async def count_spans(self, where: Condition) -> int:
        await self._placed(where)
        return await self._count(statements.count(OF_SPANS, where))

    @override
    async def list_span_changes(self, query: SpanQuery) -> Page[Span | Removal]:
        await self._placed(query.where, query.columns)
        return await self._readers.read(partial(changes.read_span_changes, query))

    @override
    async def list_trace_changes(self, query: TraceQuery) -> Page[Trace | Removal]:
        await self._placed(query.where, query.head_columns)
        return await self._readers.read(partial(changes.read_trace_changes, query))

    @override
    async def list_trace_spans(self, trace_ids: Sequence[str], query: SpanQuery) -> list[Page[Span]]:
        await self._placed(query.where, query.columns, trace_ids)
        return await self._readers.read(partial(span_reading.read_trace_pages, trace_ids, query))

    @override
    async def count_trace_spans(self, trace_ids: Sequence[str], where: Condition) -> list[int]:
        await self._placed(where, trace_ids=trace_ids)
        return await self._readers.read(partial(span_reading.count_trace_spans, trace_ids, where))

    @override
    async def get_previews(self, keys: Sequence[SpanKey], preview: Preview) -> list[str | None]:
        return await self._readers.read(partial(span_reading.read_previews, keys, preview))

    @override
    async def get_surroundings(self, keys: Sequence[SpanKey]) -> list[Surroundings]:
        await self._placed(ALWAYS, PLACED, [trace_id for trace_id, _ in keys])
        return await self._readers.read(partial(tree_reading.read_surroundings, keys))

    @override
    async def list_below(self, keys: Sequence[SpanKey], query: BelowQuery) -> list[Page[Span]]:
        await self._placed(ALWAYS, PLACED, [trace_id for trace_id, _ in keys])
        return await self._readers.search(partial(tree_reading.read_below, keys, query))

    @override
    async def count_below(self, keys: Sequence[SpanKey], depth: int) -> list[int]:
        await self._placed(ALWAYS, PLACED, [trace_id for trace_id, _ in keys])
        return await self._readers.search(partial(tree_reading.count_below, keys, depth))

    @override
    async def span_stats(self, query: StatsQuery) -> Stats:
        is_placed = not USAGE.isdisjoint(query.figures) or "agent" in {ref.of for ref in query.fields}
        await self._placed(query.where, PLACED if is_placed else frozenset())
        return await self._readers.search(lambda cursor: read_stats(cursor, query, OF_SPANS))

    @override
    async def trace_stats(self, query: StatsQuery) -> Stats:
        await self._placed(query.where)
        return await self._readers.search(lambda cursor: read_stats(cursor, query, OF_TRACES))

    async def _count(self, statement: Sql) -> int:
        ((found,),) = await self._readers.search(lambda cursor: fetch(cursor, statement))
        return int(found)

    async def _placed(
        self, where: Condition, columns: Columns = frozenset(), trace_ids: Sequence[str] | None = None
    ) -> None:
        """Update the places of spans in traces that grew, if a query needs them; of all traces, or some."""
        unplaced = self._writer.unplaced
        if not unplaced or not needs_places(where, columns):
            return
        ids = list(unplaced) if trace_ids is None else [trace_id for trace_id in set(trace_ids) if trace_id in unplaced]
        for first in range(0, len(ids), _PLACED_AT_ONCE):
            some = ids[first : first + _PLACED_AT_ONCE]
            await self._writer.write(Work(partial(Transaction.place, trace_ids=some), some, is_silent=True))
