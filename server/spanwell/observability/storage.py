"""What a store must do. Each method's docstring is its rule; `tests/storage` proves it for every backend."""

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
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.record import Listed
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
    """Bytes of a store: those of its files, those of them that hold something, and those that may still be written.

    A store in memory has no files, and no bound of its own.
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
    """Keeps spans and answers questions about them and the traces they make up.

    Every write is one transaction: it returns only after everything is durable, and if it raises, nothing happened.
    A read sees every write that returned before it began. `columns` name what will be read of the records;
    others may be left at their defaults.
    """

    @cached_property
    def commits(self) -> Commits:
        """Where whoever writes says that it is committed, and whoever follows waits for it."""
        return Commits()

    @property
    @abstractmethod
    def tracing_strategy(self) -> TracingStrategies:
        """How clients should send their spans."""

    @abstractmethod
    async def init(self) -> None:
        """Open the store, bringing an older schema forward. Raises `StorageUnavailable` with a sentence for people."""

    @abstractmethod
    async def close(self) -> None:
        """Finish the writes that are waiting and let go of the store."""

    @abstractmethod
    async def get_size(self) -> StorageSize:
        """Return how much room the store takes, and how much there still is."""

    def figures(self) -> Mapping[str, tuple[str, float]]:
        """Return figures of the store's own work by their names, each with what it says; counters end with `_total`."""
        return {"commits_total": ("Writes committed since the start.", self.commits.count)}

    @abstractmethod
    async def backup(self, target: Path) -> int:
        """Copy the store into a new file, while writing goes on; return its bytes. Raises `StorageUnavailable`."""

    @abstractmethod
    async def reclaim(self) -> None:
        """Make room of what was deleted, and give it back to the system where that is worth the work."""

    @abstractmethod
    def check_ready(self) -> None:
        """Raise `Overloaded` or `StorageUnavailable` if no write can be done for now, with a sentence that says why."""

    @abstractmethod
    async def batch_create_spans(self, spans: Sequence[Span]) -> Created:
        """Merge every span into the store by `merge.created`, in order, or none of them."""

    @abstractmethod
    async def batch_update_spans(self, updates: Sequence[SpanUpdate]) -> Updated:
        """Change every span that is there by `merge.updated`, in order, and name those that are not."""

    @abstractmethod
    async def batch_delete_traces(self, trace_ids: Sequence[str], unchanged_since: Nanos | None = None) -> Deleted:
        """Delete traces with all their spans, scores and feedback; ids that are not there are fine.

        With a moment, only those of which no span was changed after it: they are as they were read then.
        """

    @abstractmethod
    async def dangerously_clear_all(self) -> Deleted:
        """Delete everything."""

    @abstractmethod
    async def get_spans(self, keys: Sequence[SpanKey], columns: Columns = ALL_SPAN_COLUMNS) -> list[Span | None]:
        """Return the spans of some keys, in the keys' order; None where there is none."""

    @abstractmethod
    async def get_traces(
        self,
        trace_ids: Sequence[str],
        columns: Columns = ALL_TRACE_COLUMNS,
        head_columns: Columns = ALL_SPAN_COLUMNS,
    ) -> list[Trace | None]:
        """Return the traces of some ids, in the ids' order; None where there is none."""

    @abstractmethod
    async def list_traces(self, query: TraceQuery) -> Page[Trace]:
        """Return a page of the traces that meet a condition."""

    @abstractmethod
    async def count_traces(self, where: Condition) -> int:
        """Return exactly how many traces meet a condition."""

    @abstractmethod
    async def list_spans(self, query: SpanQuery) -> Page[Span]:
        """Return a page of the spans that meet a condition."""

    @abstractmethod
    async def count_spans(self, where: Condition) -> int:
        """Return exactly how many spans meet a condition."""

    @abstractmethod
    async def list_span_changes(self, query: SpanQuery) -> Page[Span | Removal]:
        """Return a page of a list of changes of spans, with what is no longer in it: all of one state of the store."""

    @abstractmethod
    async def list_trace_changes(self, query: TraceQuery) -> Page[Trace | Removal]:
        """Return a page of a list of changes of traces, with what is no longer in it: all of one state of the store."""

    @abstractmethod
    def stream(self, query: ListQuery) -> AsyncGenerator[Sequence[Listed]]:
        """Yield all records of a list after a place, some at a time: all of one state of the store.

        Of the query's window only `after` counts. It must be closed. Raises `Overloaded` if too many are under way.
        """

    @abstractmethod
    async def list_trace_spans(self, trace_ids: Sequence[str], query: SpanQuery) -> list[Page[Span]]:
        """Return for each trace the page that the query gives of its spans; one statement for all of them."""

    @abstractmethod
    async def count_trace_spans(self, trace_ids: Sequence[str], where: Condition) -> list[int]:
        """Return for each trace how many of its spans meet a condition; one statement for all of them."""

    @abstractmethod
    async def get_previews(self, keys: Sequence[SpanKey], preview: Preview) -> list[str | None]:
        """Return the beginning of something of each of some spans; None where there is none. No more is loaded."""

    @abstractmethod
    async def get_surroundings(self, keys: Sequence[SpanKey]) -> list[Surroundings]:
        """Return what the spans around each of some spans say of it; of one that is not there, `Surroundings()`."""

    @abstractmethod
    async def list_below(self, keys: Sequence[SpanKey], query: BelowQuery) -> list[Page[Span]]:
        """Return for each of some spans the page that the query gives of those below it; none for one not there."""

    @abstractmethod
    async def count_below(self, keys: Sequence[SpanKey], depth: int) -> list[int]:
        """Return for each of some spans how many there are up to some levels below it."""

    @abstractmethod
    async def look_for_fields(self, query: FieldsQuery) -> Seen:
        """Return what is in use among the spans that meet a condition."""

    @abstractmethod
    async def list_field_values(self, query: ValuesQuery) -> list[FieldValue]:
        """Return the values of a field among all spans that meet a condition, the most frequent first."""

    @abstractmethod
    async def list_services(self, where: Condition, size: int) -> list[Service]:
        """Return the services of the spans that meet a condition, the busiest first."""

    @abstractmethod
    async def get_service_graph(self, where: Condition, size: int) -> ServiceGraph:
        """Return the calls that meet a condition, at most so many edges, and at most so many of the busiest services.

        A call is a span whose parent is of another service, and which meets the condition itself.
        """

    @abstractmethod
    async def list_errors(self, query: ErrorsQuery) -> list[ErrorGroup]:
        """Return the failed spans that meet a condition by their normalised messages, the most frequent first."""

    @abstractmethod
    async def get_call_tree(self, query: CallTreeQuery) -> list[CallPath]:
        """Return the call paths of the traces that meet a condition, each below its parent."""

    @abstractmethod
    async def get_span_difference(self, query: DifferenceQuery) -> SpanDifference:
        """Return the fields by which two sets of spans differ, those that differ most first."""

    @abstractmethod
    async def span_stats(self, query: StatsQuery) -> Stats:
        """Return figures of spans, by `plain_stats`. Raises `InvalidInput` if they have too many rows."""

    @abstractmethod
    async def trace_stats(self, query: StatsQuery) -> Stats:
        """Return figures of traces, by `plain_stats`. Raises `InvalidInput` if they have too many rows."""

    @abstractmethod
    async def span_stretch(self, where: Condition) -> tuple[int, int] | None:
        """Return when the first and the last of the spans that meet a condition began; None if there are none.

        Those before `times.EARLIEST_TRACED` count only if there are no others.
        """

    @abstractmethod
    async def trace_stretch(self, where: Condition) -> tuple[int, int] | None:
        """Return when the first and the last of the traces that meet a condition began; None if there are none."""

    @abstractmethod
    async def list_conversations(self, query: ConversationQuery) -> Page[Conversation]:
        """Return a page of the sessions, or threads, of the traces that meet a condition."""

    @abstractmethod
    async def count_conversations(self, query: ConversationQuery) -> int:
        """Return exactly how many sessions, or threads, a list has in all."""

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
        """Return one trace, and the page that a query gives of its spans; or None."""
        trace = await self.get_trace(trace_id, columns, head_columns)
        if trace is None:
            return None
        (page,) = await self.list_trace_spans([trace_id], query)
        return trace, page

    async def get_root_span(self, trace_id: str, columns: Columns = ALL_SPAN_COLUMNS) -> Span | None:
        """Return the root span of a trace (the earliest, if it has several), or None."""
        trace = await self.get_trace(trace_id, frozenset({"trace_id", "has_root"}), columns)
        return trace.root if trace else None
