"""Spans in dictionaries: what every other store must agree with, in the plainest Python."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from server.observability.columns import Nanos
from server.observability.conditions import Condition
from server.observability.holds import holds
from server.observability.merge import SpanUpdate, created, updated
from server.observability.queries import (
    ALL_SPAN_COLUMNS,
    ALL_TRACE_COLUMNS,
    Columns,
    Page,
    SpanQuery,
    TraceQuery,
    plain_page,
)
from server.observability.span import Span, SpanKey
from server.observability.storage import (
    Created,
    Deleted,
    ObservabilityStorage,
    TracingStrategies,
    TracingStrategy,
    Updated,
)
from server.observability.trace import Trace
from server.observability.tree import Forest, summarize


class MemoryStorage(ObservabilityStorage):
    """Keeps everything in memory and forgets it when it is closed."""

    def __init__(self, clock: Callable[[], int] = time.time_ns) -> None:
        self._clock = clock
        self._traces: dict[str, dict[str, Span]] = {}

    @property
    def tracing_strategy(self) -> TracingStrategies:
        """Both ways, batches preferred, as every store of ours."""
        return TracingStrategies(TracingStrategy.BATCH_WITH_UPDATES, tuple(TracingStrategy))

    async def init(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Forget everything."""
        self._traces.clear()

    async def batch_create_spans(self, spans: Sequence[Span]) -> Created:
        """See `ObservabilityStorage`."""
        before = {span.key: self._find(span.key) for span in spans}
        for span in spans:
            stored = self._find(span.key)
            self._put(stored, created(stored, replace(span)))
        self._settle(trace_id for trace_id, _ in before)
        new = sum(stored is None for stored in before.values())
        changed = sum(_differs(stored, self._find(key)) for key, stored in before.items())
        return Created(new, changed)

    async def batch_update_spans(self, updates: Sequence[SpanUpdate]) -> Updated:
        """See `ObservabilityStorage`."""
        not_found: list[int] = []
        for index, update in enumerate(updates):
            stored = self._find(update.key)
            if stored is None:
                not_found.append(index)
            else:
                self._put(stored, updated(stored, update))
        self._settle({update.trace_id for update in updates})
        return Updated(len(updates) - len(not_found), tuple(not_found))

    async def batch_delete_traces(self, trace_ids: Sequence[str]) -> Deleted:
        """See `ObservabilityStorage`."""
        gone = [self._traces.pop(trace_id) for trace_id in set(trace_ids) if trace_id in self._traces]
        return Deleted(len(gone), sum(map(len, gone)))

    async def dangerously_clear_all(self) -> Deleted:
        """See `ObservabilityStorage`."""
        return await self.batch_delete_traces(list(self._traces))

    async def get_spans(self, keys: Sequence[SpanKey], columns: Columns = ALL_SPAN_COLUMNS) -> list[Span | None]:
        """See `ObservabilityStorage`."""
        return [self._find(key) for key in keys]

    async def get_traces(
        self,
        trace_ids: Sequence[str],
        columns: Columns = ALL_TRACE_COLUMNS,
        head_columns: Columns = ALL_SPAN_COLUMNS,
    ) -> list[Trace | None]:
        """See `ObservabilityStorage`."""
        found = {trace.trace_id: trace for trace in self._all_traces()}
        return [found.get(trace_id) for trace_id in trace_ids]

    async def list_traces(self, query: TraceQuery) -> Page[Trace]:
        """See `ObservabilityStorage`."""
        met = [trace for trace in self._all_traces() if holds(query.where, trace)]
        return plain_page(met, query.order, query.window)

    async def count_traces(self, where: Condition) -> int:
        """See `ObservabilityStorage`."""
        return sum(holds(where, trace) for trace in self._all_traces())

    async def list_spans(self, query: SpanQuery) -> Page[Span]:
        """See `ObservabilityStorage`."""
        met = [span for spans in self._traces.values() for span in spans.values() if holds(query.where, span)]
        return plain_page(met, query.order, query.window)

    async def count_spans(self, where: Condition) -> int:
        """See `ObservabilityStorage`."""
        return sum(await self.count_trace_spans(list(self._traces), where))

    async def list_trace_spans(self, trace_ids: Sequence[str], query: SpanQuery) -> list[Page[Span]]:
        """See `ObservabilityStorage`."""
        return [
            plain_page([s for s in self._spans(i) if holds(query.where, s)], query.order, query.window)
            for i in trace_ids
        ]

    async def count_trace_spans(self, trace_ids: Sequence[str], where: Condition) -> list[int]:
        """See `ObservabilityStorage`."""
        return [sum(holds(where, span) for span in self._spans(trace_id)) for trace_id in trace_ids]

    def _spans(self, trace_id: str) -> list[Span]:
        return list(self._traces.get(trace_id, {}).values())

    def _all_traces(self) -> list[Trace]:
        return [summarize(spans.values()) for spans in self._traces.values()]

    def _find(self, key: SpanKey) -> Span | None:
        trace_id, span_id = key
        return self._traces.get(trace_id, {}).get(span_id)

    def _put(self, stored: Span | None, span: Span) -> None:
        if stored is None:
            span.created_at = span.updated_at = Nanos(self._clock())
        elif span != stored:
            span.updated_at = Nanos(self._clock())
        self._traces.setdefault(span.trace_id, {})[span.span_id] = span

    def _settle(self, trace_ids: Iterable[str]) -> None:
        for trace_id in set(trace_ids) & self._traces.keys():
            spans = self._traces[trace_id]
            failing = Forest(spans.values()).with_failing_descendants()
            for span_id, span in spans.items():
                spans[span_id] = replace(span, has_child_error=span_id in failing)


def _differs(stored: Span | None, now: Span | None) -> bool:
    return (
        stored is not None
        and now is not None
        and replace(stored, has_child_error=False) != replace(now, has_child_error=False)
    )
