"""Summaries of many spans and traces in a tenant's part of a store."""

from collections.abc import Sequence
from dataclasses import replace

from typing_extensions import override

from spanwell.observability.analysis.call_paths import CallPath, CallTreeQuery
from spanwell.observability.analysis.differences import DifferenceQuery, SpanDifference
from spanwell.observability.analysis.error_groups import ErrorGroup, ErrorsQuery
from spanwell.observability.model.blocks import Block
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.conversations import Conversation, ConversationQuery
from spanwell.observability.questions.discovery import FieldsQuery, FieldValue, Seen, ValuesQuery
from spanwell.observability.questions.queries import Columns, Page
from spanwell.observability.questions.services import Service, ServiceGraph
from spanwell.observability.questions.statistics import Stats, StatsQuery
from spanwell.observability.storage import ObservabilityStorage

from .ids import TRACE_ID, TenantIds


class TenantExplanations(ObservabilityStorage):
    """The summaries of a tenant's store: services, sessions, fields, errors, statistics, and differences."""

    _whole: ObservabilityStorage
    _ids: TenantIds

    @override
    async def look_for_fields(self, query: FieldsQuery) -> Seen:
        only = self._ids.only(query.where)
        return await self._whole.look_for_fields(replace(query, where=only, tenant=self._ids.prefix))

    @override
    async def list_field_values(self, query: ValuesQuery) -> list[FieldValue]:
        about_ids = query.field.target == TRACE_ID
        asked = self._ids.values_query(query) if about_ids else query
        found = await self._whole.list_field_values(replace(asked, where=self._ids.only(query.where)))
        return [replace(one, value=self._ids.seen(one.value)) for one in found] if about_ids else found

    @override
    async def list_services(self, where: Condition, size: int) -> list[Service]:
        return await self._whole.list_services(self._ids.only(where), size)

    @override
    async def get_service_graph(self, where: Condition, size: int) -> ServiceGraph:
        return await self._whole.get_service_graph(self._ids.only(where), size)

    @override
    async def get_trace_blocks(self, trace_ids: Sequence[str], columns: Columns) -> list[Block]:
        return await self._whole.get_trace_blocks(list(map(self._ids.stored, trace_ids)), columns)

    @override
    async def list_errors(self, query: ErrorsQuery) -> list[ErrorGroup]:
        found = await self._whole.list_errors(replace(query, where=self._ids.only(query.where)))
        return [replace(one, sample=(self._ids.seen(one.sample[0]), one.sample[1])) for one in found]

    @override
    async def get_call_tree(self, query: CallTreeQuery) -> list[CallPath]:
        return await self._whole.get_call_tree(replace(query, where=self._ids.only(query.where)))

    @override
    async def get_span_difference(self, query: DifferenceQuery) -> SpanDifference:
        baseline, selection = map(self._ids.only, (query.baseline, query.selection))
        return await self._whole.get_span_difference(replace(query, baseline=baseline, selection=selection))

    @override
    async def span_stats(self, query: StatsQuery) -> Stats:
        return self._ids.seen_stats(query, await self._whole.span_stats(self._ids.stats_query(query)))

    @override
    async def trace_stats(self, query: StatsQuery) -> Stats:
        return self._ids.seen_stats(query, await self._whole.trace_stats(self._ids.stats_query(query)))

    @override
    async def span_stretch(self, where: Condition) -> tuple[int, int] | None:
        return await self._whole.span_stretch(self._ids.only(where))

    @override
    async def trace_stretch(self, where: Condition) -> tuple[int, int] | None:
        return await self._whole.trace_stretch(self._ids.only(where))

    @override
    async def list_conversations(self, query: ConversationQuery) -> Page[Conversation]:
        page = await self._whole.list_conversations(self._conversations(query))
        if "last_trace_id" not in query.columns:
            return page
        seen = [replace(one, last_trace_id=self._ids.seen(one.last_trace_id)) for one in page.nodes]
        return replace(page, nodes=seen)

    @override
    async def count_conversations(self, query: ConversationQuery) -> int:
        return await self._whole.count_conversations(self._conversations(query))

    def _conversations(self, query: ConversationQuery) -> ConversationQuery:
        return replace(query, where=self._ids.only(query.where), having=self._ids.turned(query.having))
