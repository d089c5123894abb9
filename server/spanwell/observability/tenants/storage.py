"""One tenant's part of a store: what a bound caller can see and write.

Its traces are stored under ids that begin with the tenant, so that two tenants may use the same trace ids. The tenant
sees its own ids: every id, condition, position and key is translated on the way in, and back on the way out.
"""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from copy import copy
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from typing_extensions import override

from spanwell.observability.access import Access
from spanwell.observability.commit_signal import Commits
from spanwell.observability.derivation.batches import Created, Deleted, Updated
from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.blocks import Block, RecordBlock
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import Forbidden
from spanwell.observability.model.span import Span, SpanKey
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.ordering import TRACE_IDENTITY
from spanwell.observability.questions.queries import (
    ALL_SPAN_COLUMNS,
    ALL_TRACE_COLUMNS,
    AssessmentQuery,
    Columns,
    ListQuery,
    Page,
    Preview,
    SpanQuery,
    TraceQuery,
    Window,
)
from spanwell.observability.questions.removals import Removal
from spanwell.observability.questions.tree_facts import BelowQuery, Surroundings
from spanwell.observability.storage import ObservabilityStorage, StorageSize, TracingStrategies

from .assessments import TenantAssessments
from .changes import own_changes
from .explanations import TenantExplanations
from .ids import TRACE_ID, TenantIds

T = TypeVar("T")
Q = TypeVar("Q", bound=SpanQuery | TraceQuery)

_STEP = 200


class TenantStorage(TenantAssessments, TenantExplanations):
    """A store within another, which opens and closes it."""

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
        """The strategies of the whole store."""
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
        return self._seen_page(await own_changes(self._ids, self._query(query), self._whole.list_span_changes))

    @override
    async def list_trace_changes(self, query: TraceQuery) -> Page[Trace | Removal]:
        return self._seen_page(await own_changes(self._ids, self._query(query), self._whole.list_trace_changes))

    @override
    async def stream(self, query: ListQuery) -> AsyncGenerator[Block]:
        own = self._only_own(query) if isinstance(query, AssessmentQuery) else self._query(query)
        seen = self._turning_back(query)
        async with aclosing(self._whole.stream(own)) as blocks:
            async for block in blocks:
                yield RecordBlock(list(map(seen, block.records())))

    def _turning_back(self, query: ListQuery) -> Callable[[Any], Any]:
        """Return the function that translates a record of a list for the tenant."""
        return partial(self._seen_record, query.kind) if isinstance(query, AssessmentQuery) else self._seen

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
        seen: Any = copy(one)  # only some columns may be present
        seen.trace_id = self._ids.seen(one.trace_id)
        if isinstance(one, Trace):
            seen.head = self._seen(one.head)
        return seen
