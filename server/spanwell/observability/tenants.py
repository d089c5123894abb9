"""One tenant's part of a store: what a bound caller writes and sees, apart from all that others have there.

Its traces are stored under ids that begin with the tenant, so that two tenants may use the same trace ids. Seen by the
tenant they have their own; every id, condition, place and key is turned on its way in, and back on its way out.
"""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from copy import copy
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from typing_extensions import override

from .access import Access
from .analysis.call_paths import CallPath, CallTreeQuery
from .analysis.differences import DifferenceQuery, SpanDifference
from .analysis.error_groups import ErrorGroup, ErrorsQuery
from .commit_signal import Commits
from .derivation.batches import Created, Deleted, Updated
from .derivation.merge import SpanUpdate
from .model.columns import Nanos
from .model.errors import Forbidden
from .model.span import Span, SpanKey
from .model.span_batch import SpanColumns
from .model.trace import Trace
from .questions.conditions import Condition
from .questions.conversations import Conversation, ConversationQuery
from .questions.discovery import FieldsQuery, FieldValue, Seen, ValuesQuery
from .questions.ordering import TRACE_IDENTITY, position
from .questions.queries import (
    ALL_SPAN_COLUMNS,
    ALL_TRACE_COLUMNS,
    Columns,
    Page,
    Preview,
    SpanQuery,
    TraceQuery,
    Window,
)
from .questions.removals import Removal
from .questions.services import Service, ServiceGraph
from .questions.statistics import Stats, StatsQuery
from .questions.tree_facts import BelowQuery, Surroundings
from .storage import ObservabilityStorage, StorageSize, TracingStrategies
from .tenant_assessments import TenantAssessments
from .tenant_ids import TRACE_ID, TenantIds

T = TypeVar("T")
Q = TypeVar("Q", bound=SpanQuery | TraceQuery)

_STEP = 200


class TenantStorage(TenantAssessments):
    """A store within another; it is opened and closed with that one."""

    def __init__(self, whole: ObservabilityStorage, access: Access) -> None:
        self._whole = whole
        self._organization = access.organization
        self._ids = TenantIds(access)

    @cached_property
    @override
    def commits(self) -> Commits:
        return self._whole.commits

    @property
    def tracing_strategy(self) -> TracingStrategies:
        """As of the whole store."""
        return self._whole.tracing_strategy

    @override
    async def init(self) -> None:
        pass

    @override
    async def close(self) -> None:
        pass

    @override
    async def backup(self, target: Path) -> int:
        raise Forbidden("Only callers with access to the whole store can copy it.")

    @override
    async def get_size(self) -> StorageSize:
        raise Forbidden("Only callers with access to the whole store can see its size.")

    @override
    def figures(self) -> Mapping[str, tuple[str, float]]:
        return {}

    @override
    async def reclaim(self) -> None:
        pass

    @override
    def check_ready(self) -> None:
        self._whole.check_ready()

    @override
    async def batch_create_spans(self, spans: Sequence[Span]) -> Created:
        given = SpanColumns.of(spans)
        values = {**given.values, TRACE_ID: list(map(self._ids.stored, given.trace_ids))}
        if self._organization is not None:
            values["organization_id"] = [self._organization] * len(given)
        return await self._whole.batch_create_spans(SpanColumns(values))

    @override
    async def batch_update_spans(self, updates: Sequence[SpanUpdate]) -> Updated:
        return await self._whole.batch_update_spans([self._update(update) for update in updates])

    def _update(self, update: SpanUpdate) -> SpanUpdate:
        own = {} if self._organization is None else {"organization_id": self._organization}
        changes, fills = ({**each, **{k: own[k] for k in own if k in each}} for each in (update.changes, update.fills))
        return replace(update, trace_id=self._ids.stored(update.trace_id), changes=changes, fills=fills)

    @override
    async def batch_delete_traces(self, trace_ids: Sequence[str], unchanged_since: Nanos | None = None) -> Deleted:
        return await self._whole.batch_delete_traces(list(map(self._ids.stored, trace_ids)), unchanged_since)

    @override
    async def dangerously_clear_all(self) -> Deleted:
        """Delete everything of this tenant, in steps."""
        done = Deleted(0, 0)
        query = TraceQuery(Window(_STEP), order=TRACE_IDENTITY, columns=frozenset({TRACE_ID}), head_columns=frozenset())
        while nodes := (await self.list_traces(query)).nodes:
            step = await self.batch_delete_traces([trace.trace_id for trace in nodes])
            done = Deleted(
                done.deleted_trace_count + step.deleted_trace_count, done.deleted_span_count + step.deleted_span_count
            )
        await self._clear_assessments()
        return done

    @override
    async def get_spans(self, keys: Sequence[SpanKey], columns: Columns = ALL_SPAN_COLUMNS) -> list[Span | None]:
        return self._seen_each(await self._whole.get_spans(self._keys(keys), columns))

    @override
    async def get_traces(
        self,
        trace_ids: Sequence[str],
        columns: Columns = ALL_TRACE_COLUMNS,
        head_columns: Columns = ALL_SPAN_COLUMNS,
    ) -> list[Trace | None]:
        stored = list(map(self._ids.stored, trace_ids))
        return self._seen_each(await self._whole.get_traces(stored, columns, head_columns))

    @override
    async def list_traces(self, query: TraceQuery) -> Page[Trace]:
        return self._seen_page(await self._whole.list_traces(self._query(query)))

    @override
    async def count_traces(self, where: Condition) -> int:
        return await self._whole.count_traces(self._ids.only(where))

    @override
    async def list_spans(self, query: SpanQuery) -> Page[Span]:
        return self._seen_page(await self._whole.list_spans(self._query(query)))

    @override
    async def count_spans(self, where: Condition) -> int:
        return await self._whole.count_spans(self._ids.only(where))

    @override
    async def list_span_changes(self, query: SpanQuery) -> Page[Span | Removal]:
        page: Page[Span | Removal] = await self._own_changes(self._query(query), self._whole.list_span_changes)
        return page

    @override
    async def list_trace_changes(self, query: TraceQuery) -> Page[Trace | Removal]:
        page: Page[Trace | Removal] = await self._own_changes(self._query(query), self._whole.list_trace_changes)
        return page

    async def _own_changes(self, query: Q, read: Callable[[Q], Any]) -> Any:
        """Return the next page that has any of this tenant's: what left a list may have been another's."""
        begins = query.window.after
        while True:
            page = await read(query)
            own = [one for one in page.nodes if not one.trace_id or self._ids.are_of(one.trace_id)]
            if own or not page.has_next:
                return self._seen_page(replace(page, nodes=own, has_previous=begins is not None))
            query = replace(query, window=replace(query.window, after=position(page.nodes[-1], query.order)))

    @override
    async def stream(self, query: SpanQuery | TraceQuery) -> AsyncGenerator[list[Span] | list[Trace]]:
        async with aclosing(self._whole.stream(self._query(query))) as pages:
            async for page in pages:
                yield list(map(self._seen, page))

    @override
    async def list_trace_spans(self, trace_ids: Sequence[str], query: SpanQuery) -> list[Page[Span]]:
        stored, inside = list(map(self._ids.stored, trace_ids)), self._turned(query, self._ids.turned(query.where))
        return list(map(self._seen_page, await self._whole.list_trace_spans(stored, inside)))

    @override
    async def count_trace_spans(self, trace_ids: Sequence[str], where: Condition) -> list[int]:
        return await self._whole.count_trace_spans(list(map(self._ids.stored, trace_ids)), self._ids.turned(where))

    @override
    async def get_surroundings(self, keys: Sequence[SpanKey]) -> list[Surroundings]:
        return await self._whole.get_surroundings(self._keys(keys))

    @override
    async def get_previews(self, keys: Sequence[SpanKey], preview: Preview) -> list[str | None]:
        return await self._whole.get_previews(self._keys(keys), preview)

    @override
    async def list_below(self, keys: Sequence[SpanKey], query: BelowQuery) -> list[Page[Span]]:
        return list(map(self._seen_page, await self._whole.list_below(self._keys(keys), query)))

    @override
    async def count_below(self, keys: Sequence[SpanKey], depth: int) -> list[int]:
        return await self._whole.count_below(self._keys(keys), depth)

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
        page = await self._whole.list_conversations(replace(query, where=self._ids.only(query.where)))
        seen = [replace(one, last_trace_id=self._ids.seen(one.last_trace_id)) for one in page.nodes]
        return replace(page, nodes=seen)

    @override
    async def count_conversations(self, query: ConversationQuery) -> int:
        return await self._whole.count_conversations(replace(query, where=self._ids.only(query.where)))

    def _keys(self, keys: Iterable[SpanKey]) -> list[SpanKey]:
        return [(self._ids.stored(trace_id), span_id) for trace_id, span_id in keys]

    def _query(self, query: Q) -> Q:
        return self._turned(query, self._ids.only(query.where))

    def _turned(self, query: Q, where: Condition) -> Q:
        window = query.window
        after, before = (self._ids.place(place, query.order) for place in (window.after, window.before))
        return replace(query, where=where, window=replace(window, after=after, before=before))

    def _seen_page(self, page: Page[T]) -> Page[T]:
        return replace(page, nodes=list(map(self._seen, page.nodes)))

    def _seen_each(self, found: Iterable[Any]) -> list[Any]:
        return [None if one is None else self._seen(one) for one in found]

    def _seen(self, one: Any) -> Any:
        seen: Any = copy(one)  # of which only some columns may be there
        seen.trace_id = self._ids.seen(one.trace_id)
        if isinstance(one, Trace):
            seen.head = self._seen(one.head)
        return seen
