"""The reference store: spans in dictionaries."""

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from typing_extensions import override

from spanwell.observability.analysis.call_paths import CallPath, CallTreeQuery
from spanwell.observability.analysis.differences import DifferenceQuery, SpanDifference
from spanwell.observability.analysis.error_groups import ErrorGroup, ErrorsQuery
from spanwell.observability.conventions.prices import PUBLIC, Prices
from spanwell.observability.derivation.batches import Created, Deleted, Updated
from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import StorageUnavailable
from spanwell.observability.model.span import Span, SpanKey
from spanwell.observability.model.times import first_traced
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.conversations import Conversation, ConversationQuery
from spanwell.observability.questions.discovery import FieldsQuery, FieldValue, Seen, ValuesQuery
from spanwell.observability.questions.ordering import NEWEST_SPANS, ordered
from spanwell.observability.questions.queries import (
    ALL_SPAN_COLUMNS,
    ALL_TRACE_COLUMNS,
    Columns,
    Page,
    Preview,
    SpanQuery,
    TraceQuery,
    plain_page,
)
from spanwell.observability.questions.removals import EVERYTHING, Removal, unmatched, with_removals
from spanwell.observability.questions.services import Service, ServiceGraph, graph_of
from spanwell.observability.questions.statistics import Stats, StatsQuery
from spanwell.observability.questions.tree_facts import BelowQuery, Surroundings, page_below
from spanwell.observability.storage import StorageSize, TracingStrategies, TracingStrategy
from spanwell.observability.write_clock import Ticks

from .analysis import plain_call_tree, plain_errors
from .assessments import MemoryAssessments
from .batches import apply_creates, apply_updates
from .conversations import plain_conversations
from .differences import plain_difference
from .discovery import plain_seen, plain_values
from .evaluation import holds
from .forest import Forest, positions
from .rollups import summarize
from .services import plain_edges, plain_services
from .statistics import Fact, fact_of_trace, facts_of_spans, plain_stats
from .streaming import StreamingStorage
from .trees import below, plain_below, plain_surroundings
from .values.previews import plain_preview


class MemoryStorage(StreamingStorage, MemoryAssessments):
    """A store in memory, which is lost when it is closed."""

    def __init__(self, clock: Callable[[], int] = time.time_ns, prices: Prices = PUBLIC) -> None:
        super().__init__(Ticks(clock))
        self._prices = prices
        self._traces: dict[str, dict[str, Span]] = {}
        self._summaries: dict[str, Trace] = {}
        self._deletions: list[Removal] = []

    @property
    def tracing_strategy(self) -> TracingStrategies:
        """Single spans and batches; batches are preferred."""
        return TracingStrategies(TracingStrategy.BATCH_WITH_UPDATES, tuple(TracingStrategy))

    async def init(self) -> None:
        """Do nothing; there is nothing to open."""

    async def close(self) -> None:
        """Delete everything."""
        self._traces.clear()

    @override
    async def get_size(self) -> StorageSize:
        return StorageSize()

    @override
    async def backup(self, target: Path) -> int:
        raise StorageUnavailable("A store in memory has no backups.")

    @override
    async def reclaim(self) -> None:
        """Do nothing; Python frees memory."""

    @override
    def check_ready(self) -> None:
        """Do nothing; the store is always ready."""

    @override
    async def batch_create_spans(self, spans: Sequence[Span]) -> Created:
        now = self._ticks.next()
        result = apply_creates(self, spans, now, self._prices)
        self._settle({span.trace_id for span in spans}, now)
        return result

    @override
    async def batch_update_spans(self, updates: Sequence[SpanUpdate]) -> Updated:
        now = self._ticks.next()
        result = apply_updates(self, updates, now, self._prices)
        self._settle({update.trace_id for update in updates}, now)
        return result

    @override
    async def batch_delete_traces(self, trace_ids: Sequence[str], unchanged_since: Nanos | None = None) -> Deleted:
        now, since = self._ticks.next(), math.inf if unchanged_since is None else unchanged_since
        asked = (trace_id for trace_id in set(trace_ids) if trace_id in self._traces)
        gone = [trace_id for trace_id in asked if all(span.updated_at <= since for span in self._spans(trace_id))]
        self._deletions += [Removal(trace_id, now) for trace_id in gone]
        count = sum(len(self._traces.pop(trace_id)) for trace_id in gone)
        for trace_id in gone:
            del self._summaries[trace_id]
        self.forget_assessments(gone if unchanged_since is not None else trace_ids)
        return Deleted(len(gone), count)

    @override
    async def dangerously_clear_all(self) -> Deleted:
        deleted = await self.batch_delete_traces(list(self._traces))
        self.forget_all_assessments()
        self._deletions = [Removal(EVERYTHING, self._ticks.latest)]
        return deleted

    @override
    async def get_spans(self, keys: Sequence[SpanKey], columns: Columns = ALL_SPAN_COLUMNS) -> list[Span | None]:
        return [self.find(key) for key in keys]

    @override
    async def get_traces(
        self,
        trace_ids: Sequence[str],
        columns: Columns = ALL_TRACE_COLUMNS,
        head_columns: Columns = ALL_SPAN_COLUMNS,
    ) -> list[Trace | None]:
        return [self._summaries.get(trace_id) for trace_id in trace_ids]

    @override
    async def list_traces(self, query: TraceQuery) -> Page[Trace]:
        return plain_page(self._traces_that(query.where), query.order, query.window)

    @override
    async def count_traces(self, where: Condition) -> int:
        return len(self._traces_that(where))

    @override
    async def list_spans(self, query: SpanQuery) -> Page[Span]:
        return plain_page(self._met(query.where), query.order, query.window)

    @override
    async def count_spans(self, where: Condition) -> int:
        return sum(await self.count_trace_spans(list(self._traces), where))

    @override
    async def list_span_changes(self, query: SpanQuery) -> Page[Span | Removal]:
        kept, left = await self.list_spans(query), await self.list_spans(unmatched(query))
        return with_removals(query, kept, left, plain_page(self._deletions, query.order, query.window))

    @override
    async def list_trace_changes(self, query: TraceQuery) -> Page[Trace | Removal]:
        kept, left = await self.list_traces(query), await self.list_traces(unmatched(query))
        return with_removals(query, kept, left, plain_page(self._deletions, query.order, query.window))

    @override
    async def list_trace_spans(self, trace_ids: Sequence[str], query: SpanQuery) -> list[Page[Span]]:
        return [plain_page(self._spans_that(each, query.where), query.order, query.window) for each in trace_ids]

    @override
    async def count_trace_spans(self, trace_ids: Sequence[str], where: Condition) -> list[int]:
        return [len(self._spans_that(trace_id, where)) for trace_id in trace_ids]

    @override
    async def get_previews(self, keys: Sequence[SpanKey], preview: Preview) -> list[str | None]:
        return [plain_preview(span, preview) if (span := self.find(key)) is not None else None for key in keys]

    @override
    async def get_surroundings(self, keys: Sequence[SpanKey]) -> list[Surroundings]:
        found = map(self.find, keys)
        return [plain_surroundings(span, self._forest(span)) if span else Surroundings() for span in found]

    @override
    async def list_below(self, keys: Sequence[SpanKey], query: BelowQuery) -> list[Page[Span]]:
        found = map(self.find, keys)
        return [plain_below(span, self._forest(span), query) if span else page_below([], query) for span in found]

    @override
    async def count_below(self, keys: Sequence[SpanKey], depth: int) -> list[int]:
        found = map(self.find, keys)
        return [len(list(below(span, self._forest(span), depth))) if span else 0 for span in found]

    @override
    async def look_for_fields(self, query: FieldsQuery) -> Seen:
        return plain_seen(ordered(self._met(query.where), NEWEST_SPANS), self._summaries, query)

    @override
    async def list_field_values(self, query: ValuesQuery) -> list[FieldValue]:
        return plain_values((fact.texts(query.field) for fact in self._facts(query.where)), query)

    @override
    async def list_services(self, where: Condition, size: int) -> list[Service]:
        return plain_services(self._met(where), size)

    @override
    async def get_service_graph(self, where: Condition, size: int) -> ServiceGraph:
        spans = self._met(where)
        calls = ((self._forest(span).parent(span), span) for span in spans)
        edges = plain_edges(((parent, span) for parent, span in calls if parent), size)
        return graph_of(plain_services(spans, size), edges)

    @override
    async def list_conversations(self, query: ConversationQuery) -> Page[Conversation]:
        found = plain_conversations(self._traces_that(query.where), query, self.forest_of)
        return plain_page(found, query.order, query.window)

    @override
    async def count_conversations(self, query: ConversationQuery) -> int:
        return len(plain_conversations(self._traces_that(query.where), query, self.forest_of))

    @override
    async def list_errors(self, query: ErrorsQuery) -> list[ErrorGroup]:
        return plain_errors(self._met(query.where), query)

    @override
    async def get_call_tree(self, query: CallTreeQuery) -> list[CallPath]:
        return plain_call_tree((Forest(self._spans(t.trace_id)) for t in self._traces_that(query.where)), query)

    @override
    async def get_span_difference(self, query: DifferenceQuery) -> SpanDifference:
        return plain_difference(self._met(query.baseline), self._met(query.selection), query)

    def _met(self, where: Condition) -> list[Span]:
        return [span for trace_id in self._traces for span in self._spans_that(trace_id, where)]

    def _forest(self, span: Span) -> Forest:
        return Forest(self._spans(span.trace_id))

    @override
    async def span_stats(self, query: StatsQuery) -> Stats:
        return plain_stats(self._facts(query.where), query)

    def _facts(self, where: Condition) -> Iterator[Fact]:
        for trace_id in self._traces:
            yield from facts_of_spans(self._spans_that(trace_id, where), self.forest_of(trace_id))

    @override
    async def trace_stats(self, query: StatsQuery) -> Stats:
        return plain_stats(map(fact_of_trace, self._traces_that(query.where)), query)

    @override
    async def span_stretch(self, where: Condition) -> tuple[int, int] | None:
        return _stretch(span for trace_id in self._traces for span in self._spans_that(trace_id, where))

    @override
    async def trace_stretch(self, where: Condition) -> tuple[int, int] | None:
        return _stretch(self._traces_that(where))

    def _spans(self, trace_id: str) -> list[Span]:
        return list(self._traces.get(trace_id, {}).values())

    def _spans_that(self, trace_id: str, where: Condition) -> list[Span]:
        forest = self.forest_of(trace_id)
        return [span for span in forest.spans.values() if holds(where, span, forest)]

    def _traces_that(self, where: Condition) -> list[Trace]:
        forests = {trace_id: self.forest_of(trace_id) for trace_id in self._traces}
        return [trace for trace in self._summaries.values() if holds(where, trace, forests[trace.trace_id])]

    @override
    def forest_of(self, trace_id: str) -> Forest:
        return Forest(self._spans(trace_id), self.assessments_of(trace_id), self._summaries.get(trace_id))

    def find(self, key: SpanKey) -> Span | None:
        """Return the stored span with a key, or None."""
        return self._traces.get(key[0], {}).get(key[1])

    def put(self, span: Span) -> None:
        """Store a span, replacing any with the same key."""
        self._traces.setdefault(span.trace_id, {})[span.span_id] = span

    def _settle(self, trace_ids: set[str], now: Nanos) -> None:
        for trace_id in trace_ids & self._traces.keys():
            spans = self._traces[trace_id]
            for span_id, position in positions(spans.values()).items():
                spans[span_id] = replace(spans[span_id], **position._asdict())
            before, summary = self._summaries.get(trace_id), summarize(spans.values())
            if before is not None:
                summary.changed_at = before.changed_at
            if summary != before:
                summary.changed_at = now
            self._summaries[trace_id] = summary


def _stretch(records: Iterable[Span | Trace]) -> tuple[int, int] | None:
    moments = [record.started_at for record in records]
    return (first_traced(moments), max(moments)) if moments else None
