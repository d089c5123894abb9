"""The interface of a store. Each method's docstring is its contract; `tests/storage` checks it for every backend."""

from abc import abstractmethod
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from spanwell.observability.analysis.call_paths import CallPath, CallTreeQuery
from spanwell.observability.analysis.differences import DifferenceQuery, SpanDifference
from spanwell.observability.analysis.error_groups import ErrorGroup, ErrorsQuery
from spanwell.observability.derivation.batches import Created, Deleted, Updated
from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.blocks import Block
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span, SpanKey
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.conversations import Conversation, ConversationQuery
from spanwell.observability.questions.discovery import FieldsQuery, FieldValue, Seen, ValuesQuery
from spanwell.observability.questions.queries import (
    ALL_SPAN_COLUMNS,
    ALL_TRACE_COLUMNS,
    Columns,
    ListQuery,
    Page,
    Preview,
    SpanQuery,
    TraceQuery,
)
from spanwell.observability.questions.removals import Removal
from spanwell.observability.questions.services import Service, ServiceGraph
from spanwell.observability.questions.statistics import Stats, StatsQuery
from spanwell.observability.questions.tree_facts import BelowQuery, Surroundings

from .assessment_storage import AssessmentStorage
from .commit_signal import Commits


class TracingStrategy(StrEnum):
    """How a tracing client should send its spans."""

    REALTIME = "REALTIME"
    BATCH_WITH_UPDATES = "BATCH_WITH_UPDATES"


@dataclass(frozen=True)
class StorageSize:
    """The size of a store in bytes: its files, the part of them in use, and the free disk space.

    A store in memory has no files and no limit of its own.
    """

    total: int = 0
    used: int = 0
    free: int | None = None


@dataclass(frozen=True)
class TracingStrategies:
    """The strategies that a store supports, and the one it prefers."""

    preferred: TracingStrategy
    supported: tuple[TracingStrategy, ...]


class ObservabilityStorage(AssessmentStorage):
    """Stores spans, and answers queries on them and on their traces.

    Every write is one transaction: it returns only after everything is durable, and if it raises, nothing happened.
    A read sees every write that returned before it began. `columns` names the columns that the caller will read; others
    may be left at their defaults.
    """

    @cached_property
    def commits(self) -> Commits:
        """Where writers announce commits, and followers wait for them."""
        return Commits()

    @property
    @abstractmethod
    def tracing_strategy(self) -> TracingStrategies:
        """How clients should send their spans."""

    @abstractmethod
    async def init(self) -> None:
        """Open the store, upgrading an older schema. Raises `StorageUnavailable` with a message for people."""

    @abstractmethod
    async def close(self) -> None:
        """Finish the waiting writes and close the store."""

    @abstractmethod
    async def get_size(self) -> StorageSize:
        """Return the size of the store and the space that is left."""

    def figures(self) -> Mapping[str, tuple[str, float]]:
        """Return metrics of the store itself by name, each with a description and a value; counters end in `_total`."""
        return {"commits_total": ("Writes committed since the start.", self.commits.count)}

    @abstractmethod
    async def backup(self, target: Path) -> int:
        """Copy the store into a new file while writes go on; return its size in bytes. Raises `StorageUnavailable`."""

    @abstractmethod
    async def reclaim(self) -> None:
        """Make the space of deleted rows reusable, and return it to the system if it is worth the work."""

    @abstractmethod
    def check_ready(self) -> None:
        """Raise `Overloaded` or `StorageUnavailable`, with the reason, if the store cannot take writes now."""

    @abstractmethod
    async def batch_create_spans(self, spans: Sequence[Span]) -> Created:
        """Merge every span into the store by `merge.created`, in order, or none of them."""

    @abstractmethod
    async def batch_update_spans(self, updates: Sequence[SpanUpdate]) -> Updated:
        """Change every existing span by `merge.updated`, in order; return the indexes of updates without a span."""

    @abstractmethod
    async def batch_delete_traces(self, trace_ids: Sequence[str], unchanged_since: Nanos | None = None) -> Deleted:
        """Delete traces with all their spans, scores and feedback; unknown ids are ignored.

        With `unchanged_since`, delete only traces in which no span changed after it: they are still as they were read.
        """

    @abstractmethod
    async def dangerously_clear_all(self) -> Deleted:
        """Delete everything."""

    @abstractmethod
    async def get_spans(self, keys: Sequence[SpanKey], columns: Columns = ALL_SPAN_COLUMNS) -> list[Span | None]:
        """Return the spans with the keys, in the same order; None for each that does not exist."""

    @abstractmethod
    async def get_traces(
        self,
        trace_ids: Sequence[str],
        columns: Columns = ALL_TRACE_COLUMNS,
        head_columns: Columns = ALL_SPAN_COLUMNS,
    ) -> list[Trace | None]:
        """Return the traces with the ids, in the same order; None for each that does not exist."""

    @abstractmethod
    async def list_traces(self, query: TraceQuery) -> Page[Trace]:
        """Return a page of the traces that meet a condition."""

    @abstractmethod
    async def count_traces(self, where: Condition) -> int:
        """Return the exact number of traces that meet a condition."""

    @abstractmethod
    async def list_spans(self, query: SpanQuery) -> Page[Span]:
        """Return a page of the spans that meet a condition."""

    @abstractmethod
    async def count_spans(self, where: Condition) -> int:
        """Return the exact number of spans that meet a condition."""

    @abstractmethod
    async def list_span_changes(self, query: SpanQuery) -> Page[Span | Removal]:
        """Return a page of changed spans, with removals from the list; all from one state of the store."""

    @abstractmethod
    async def list_trace_changes(self, query: TraceQuery) -> Page[Trace | Removal]:
        """Return a page of changed traces, with removals from the list; all from one state of the store."""

    @abstractmethod
    def stream(self, query: ListQuery) -> AsyncGenerator[Block]:
        """Yield all records of a list after a position, in blocks, all from one state of the store.

        Of the query's window, only `after` counts. Callers must close the generator. Raises `Overloaded` if too many
        streams are open.
        """

    @abstractmethod
    async def list_trace_spans(self, trace_ids: Sequence[str], query: SpanQuery) -> list[Page[Span]]:
        """Return for each trace the query's page of its spans, in one statement for all traces."""

    @abstractmethod
    async def count_trace_spans(self, trace_ids: Sequence[str], where: Condition) -> list[int]:
        """Return for each trace the number of its spans that meet a condition, in one statement for all traces."""

    @abstractmethod
    async def get_trace_blocks(self, trace_ids: Sequence[str], columns: Columns) -> list[Block]:
        """Return for each trace some columns of all its spans but its id, in pre-order; one statement for all."""

    @abstractmethod
    async def get_previews(self, keys: Sequence[SpanKey], preview: Preview) -> list[str | None]:
        """Return the beginning of a payload of each span, loading no more than that; None if the span has none."""

    @abstractmethod
    async def get_surroundings(self, keys: Sequence[SpanKey]) -> list[Surroundings]:
        """Return the surroundings of each span; `Surroundings()` if it does not exist."""

    @abstractmethod
    async def list_below(self, keys: Sequence[SpanKey], query: BelowQuery) -> list[Page[Span]]:
        """Return for each span the query's page of its descendants; an empty page if it does not exist."""

    @abstractmethod
    async def count_below(self, keys: Sequence[SpanKey], depth: int) -> list[int]:
        """Return for each span the number of its descendants, down to `depth` levels."""

    @abstractmethod
    async def look_for_fields(self, query: FieldsQuery) -> Seen:
        """Return the fields and attribute keys in use among the spans that meet a condition."""

    @abstractmethod
    async def list_field_values(self, query: ValuesQuery) -> list[FieldValue]:
        """Return the values of a field among the spans that meet a condition, the most frequent first."""

    @abstractmethod
    async def list_services(self, where: Condition, size: int) -> list[Service]:
        """Return the services of the spans that meet a condition, the busiest first."""

    @abstractmethod
    async def get_service_graph(self, where: Condition, size: int) -> ServiceGraph:
        """Return the calls that meet a condition: at most `size` edges, and at most `size` of the busiest services.

        A call is a span that meets the condition and whose parent belongs to another service.
        """

    @abstractmethod
    async def list_errors(self, query: ErrorsQuery) -> list[ErrorGroup]:
        """Return the failed spans that meet a condition, grouped by normalised message, the most frequent first."""

    @abstractmethod
    async def get_call_tree(self, query: CallTreeQuery) -> list[CallPath]:
        """Return the call paths of the traces that meet a condition, each below its parent."""

    @abstractmethod
    async def get_span_difference(self, query: DifferenceQuery) -> SpanDifference:
        """Return the fields in which two sets of spans differ, the largest differences first."""

    @abstractmethod
    async def span_stats(self, query: StatsQuery) -> Stats:
        """Return statistics of spans, as defined by `plain_stats`. Raises `InvalidInput` for too many rows."""

    @abstractmethod
    async def trace_stats(self, query: StatsQuery) -> Stats:
        """Return statistics of traces, as defined by `plain_stats`. Raises `InvalidInput` for too many rows."""

    @abstractmethod
    async def span_stretch(self, where: Condition) -> tuple[int, int] | None:
        """Return the first and last start times of the spans that meet a condition; None if there are none.

        Start times before `times.EARLIEST_TRACED` count only if there are no others.
        """

    @abstractmethod
    async def trace_stretch(self, where: Condition) -> tuple[int, int] | None:
        """Return the first and last start times of the traces that meet a condition; None if there are none."""

    @abstractmethod
    async def list_conversations(self, query: ConversationQuery) -> Page[Conversation]:
        """Return a page of the sessions or threads of the traces that meet a condition."""

    @abstractmethod
    async def count_conversations(self, query: ConversationQuery) -> int:
        """Return the exact number of sessions or threads in a list."""

    async def get_span(self, trace_id: str, span_id: str, columns: Columns = ALL_SPAN_COLUMNS) -> Span | None:
        """Return one span, or None."""
        (span,) = await self.get_spans([(trace_id, span_id)], columns)
        return span

    async def get_trace(
        self,
        trace_id: str,
        columns: Columns = ALL_TRACE_COLUMNS,
        head_columns: Columns = ALL_SPAN_COLUMNS,
    ) -> Trace | None:
        """Return one trace, or None."""
        (trace,) = await self.get_traces([trace_id], columns, head_columns)
        return trace

    async def get_trace_with_spans(
        self,
        trace_id: str,
        query: SpanQuery,
        columns: Columns = ALL_TRACE_COLUMNS,
        head_columns: Columns = ALL_SPAN_COLUMNS,
    ) -> tuple[Trace, Page[Span]] | None:
        """Return one trace with the query's page of its spans, or None."""
        trace = await self.get_trace(trace_id, columns, head_columns)
        if trace is None:
            return None
        (page,) = await self.list_trace_spans([trace_id], query)
        return trace, page

    async def get_root_span(self, trace_id: str, columns: Columns = ALL_SPAN_COLUMNS) -> Span | None:
        """Return the root span of a trace (the earliest if it has several), or None."""
        trace = await self.get_trace(trace_id, frozenset({"trace_id", "has_root"}), columns)
        return trace.root if trace else None
