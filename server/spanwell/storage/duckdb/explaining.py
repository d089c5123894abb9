"""The DuckDB store's summaries of many spans and traces; each method is one read."""

from abc import abstractmethod
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial

from typing_extensions import override

from spanwell.observability.analysis.call_paths import CallPath, CallTreeQuery
from spanwell.observability.analysis.differences import DifferenceQuery, SpanDifference
from spanwell.observability.analysis.error_groups import ErrorGroup, ErrorsQuery
from spanwell.observability.derivation.places import PLACES
from spanwell.observability.model.blocks import Block
from spanwell.observability.model.times import EARLIEST_TRACED
from spanwell.observability.model.trace import TRACE_COLUMN
from spanwell.observability.questions.conditions import ALWAYS, AllOf, Compare, Condition, Op
from spanwell.observability.questions.conversations import Conversation, ConversationQuery
from spanwell.observability.questions.discovery import FieldsQuery, FieldValue, Reach, Seen, ValuesQuery
from spanwell.observability.questions.queries import Columns, ListQuery, Page, SpanQuery, TraceQuery
from spanwell.observability.questions.services import Service, ServiceGraph
from spanwell.observability.storage import ObservabilityStorage
from spanwell.storage.duckdb import blocks
from spanwell.storage.duckdb.conditions.scopes import OF_SPANS, OF_TRACES, Scope
from spanwell.storage.duckdb.reading import conversations, services, statements
from spanwell.storage.duckdb.reading.analysis import differences, explanations
from spanwell.storage.duckdb.reading.discovering import fields, keys
from spanwell.storage.duckdb.reading.readers import Readers, fetch
from spanwell.storage.duckdb.streams import Streams

from .learning import Learning

PLACED: Columns = frozenset(PLACES)
"""The columns that hold a span's place in its tree."""


class ExplainingStorage(ObservabilityStorage):
    """Summarises many spans or traces: services, sessions, fields, errors, and differences."""

    _readers: Readers
    _streams: Streams
    _learning: Learning

    @override
    async def stream(self, query: ListQuery) -> AsyncGenerator[Block]:
        ordered_by = frozenset(key.column for key in query.order)
        if isinstance(query, SpanQuery):
            query = replace(query, columns=query.columns | ordered_by)
            await self._placed(query.where, query.columns)
        elif isinstance(query, TraceQuery):
            own = ordered_by & TRACE_COLUMN.keys()
            query = replace(query, columns=query.columns | own, head_columns=query.head_columns | (ordered_by - own))
            await self._placed(query.where, query.head_columns)
        else:
            await self._placed(query.where)
        async with aclosing(self._streams.stream(query)) as streamed:
            async for block in streamed:
                yield block

    @override
    async def get_trace_blocks(self, trace_ids: Sequence[str], columns: Columns) -> list[Block]:
        await self._placed(ALWAYS, PLACED, trace_ids)
        return await self._readers.read(partial(blocks.read_trace_blocks, trace_ids, columns))

    @override
    async def list_errors(self, query: ErrorsQuery) -> list[ErrorGroup]:
        await self._placed(query.where)
        return await self._readers.read(partial(explanations.read_errors, query))

    @override
    async def get_call_tree(self, query: CallTreeQuery) -> list[CallPath]:
        await self._placed(query.where, PLACED)
        return await self._readers.read(partial(explanations.read_call_tree, query))

    @override
    async def get_span_difference(self, query: DifferenceQuery) -> SpanDifference:
        await self._placed(AllOf((query.baseline, query.selection)))
        return await self._readers.read(partial(differences.read_difference, query))

    @override
    async def look_for_fields(self, query: FieldsQuery) -> Seen:
        await self._placed(query.where)
        if query.reach is Reach.EVERY:
            return await self._readers.search(partial(keys.read_every, query))
        seen = await self._readers.search(partial(fields.read_seen, query.where))
        if query.reach is Reach.NEWEST:
            return seen
        return seen.knowing(await self._readers.search(partial(self._learning.keys.read, query.tenant)))

    @override
    async def list_field_values(self, query: ValuesQuery) -> list[FieldValue]:
        await self._placed(query.where)
        return await self._readers.search(partial(fields.read_values, query))

    @override
    async def list_services(self, where: Condition, size: int) -> list[Service]:
        await self._placed(where)
        return await self._readers.search(partial(services.read_services, where, size))

    @override
    async def get_service_graph(self, where: Condition, size: int) -> ServiceGraph:
        await self._placed(ALWAYS, PLACED)
        return await self._readers.search(partial(services.read_graph, where, size))

    @override
    async def list_conversations(self, query: ConversationQuery) -> Page[Conversation]:
        await self._placed(AllOf((query.where, query.having)))
        return await self._readers.search(partial(conversations.read_conversations, query))

    @override
    async def count_conversations(self, query: ConversationQuery) -> int:
        await self._placed(AllOf((query.where, query.having)))
        return await self._readers.search(partial(conversations.count_conversations, query))

    @override
    async def span_stretch(self, where: Condition) -> tuple[int, int] | None:
        return await self._stretch(OF_SPANS, where)

    @override
    async def trace_stretch(self, where: Condition) -> tuple[int, int] | None:
        return await self._stretch(OF_TRACES, where)

    async def _stretch(self, scope: Scope, where: Condition) -> tuple[int, int] | None:
        await self._placed(where)
        statement = statements.started(scope, where)
        ((first, last),) = await self._readers.search(lambda cursor: fetch(cursor, statement))
        if first is not None and first < EARLIEST_TRACED <= last:
            traced = statements.started(scope, AllOf((where, Compare("started_at", Op.GTE, EARLIEST_TRACED))))
            ((first, last),) = await self._readers.search(lambda cursor: fetch(cursor, traced))
        return None if first is None else (first, last)

    @abstractmethod
    async def _placed(
        self, where: Condition, columns: Columns = frozenset(), trace_ids: Sequence[str] | None = None
    ) -> None:
        """Update the places of spans in traces that grew, if a query needs them; of all traces, or some."""
