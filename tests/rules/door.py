"""The ways into Spanwell that every rule is proved through: each store by itself, and the real server over HTTP."""

from abc import ABC, abstractmethod
from asyncio import Runner
from collections.abc import Sequence
from dataclasses import dataclass

from spanwell.observability.derivation.assessing import AssessmentUpdate
from spanwell.observability.derivation.batches import Created, Deleted, Updated
from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.span import Span
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.questions.cursors import decode_cursor, encode_cursor
from spanwell.observability.questions.ordering import (
    SPAN_IDENTITY,
    TRACE_IDENTITY,
    Order,
    OrderKey,
    position,
    total_order,
)
from spanwell.observability.questions.queries import AssessmentQuery, SpanQuery, TraceQuery, Window, newest_assessments
from spanwell.observability.service import Observability
from spanwell.observability.storage import ObservabilityStorage


@dataclass(frozen=True)
class Listing:
    """A page as a client sees it."""

    ids: list[str]
    total: int
    end_cursor: str | None
    has_next: bool


@dataclass(frozen=True)
class Sort:
    """An order as a client states it: the API's name, and the column behind it."""

    label: str
    column: str
    descending: bool = True

    def order(self, identity: Order) -> Order:
        """Return the total order it means; descending puts absent values first."""
        return total_order([OrderKey(self.column, self.descending, self.descending)], identity)


NEWEST = Sort("STARTED_AT", "started_at")


class Door(ABC):
    """What the rules need of a way in."""

    @abstractmethod
    def create(self, *spans: Span) -> Created: ...

    @abstractmethod
    def update(self, *updates: SpanUpdate) -> Updated: ...

    @abstractmethod
    def delete(self, *trace_ids: str) -> Deleted: ...

    @abstractmethod
    def clear(self) -> Deleted: ...

    @abstractmethod
    def assess(self, kind: AssessmentKind, *records: Assessment) -> Created: ...

    @abstractmethod
    def reassess(self, kind: AssessmentKind, *updates: AssessmentUpdate) -> Updated: ...

    @abstractmethod
    def unassess(self, kind: AssessmentKind, *record_ids: str) -> int: ...

    @abstractmethod
    def assessments(self, kind: AssessmentKind) -> list[Assessment]: ...

    @abstractmethod
    def find(self, trace_id: str, span_id: str) -> Span | None: ...

    @abstractmethod
    def trace(self, trace_id: str) -> Trace | None: ...

    @abstractmethod
    def traces(self, sort: Sort = NEWEST, first: int = 50, after: str | None = None) -> Listing: ...

    @abstractmethod
    def spans(self, sort: Sort = NEWEST, first: int = 50, after: str | None = None) -> Listing: ...

    @abstractmethod
    def trace_spans(self, trace_id: str, first: int = 50) -> list[str]: ...

    def stored(self, trace_id: str, span_id: str) -> Span:
        """Return a span that has to be there."""
        found = self.find(trace_id, span_id)
        assert found is not None, f"span {span_id} of trace {trace_id} is not there"
        return found

    def summary(self, trace_id: str) -> Trace:
        """Return a trace that has to be there."""
        found = self.trace(trace_id)
        assert found is not None, f"trace {trace_id} is not there"
        return found


class StoreDoor(Door):
    """A store behind the service, without GraphQL or HTTP."""

    def __init__(self, storage: ObservabilityStorage) -> None:
        self.runner = Runner()
        self.storage = storage
        self.service = Observability(storage)
        self.runner.run(storage.init())

    def close(self) -> None:
        self.runner.run(self.storage.close())
        self.runner.close()

    def create(self, *spans: Span) -> Created:
        return self.runner.run(self.service.create_spans(spans))

    def update(self, *updates: SpanUpdate) -> Updated:
        return self.runner.run(self.service.update_spans(updates))

    def delete(self, *trace_ids: str) -> Deleted:
        return self.runner.run(self.service.delete_traces(trace_ids))

    def clear(self) -> Deleted:
        return self.runner.run(self.service.clear_all())

    def assess(self, kind: AssessmentKind, *records: Assessment) -> Created:
        return self.runner.run(self.service.assessing.create(kind, records))

    def reassess(self, kind: AssessmentKind, *updates: AssessmentUpdate) -> Updated:
        return self.runner.run(self.service.assessing.update(kind, updates))

    def unassess(self, kind: AssessmentKind, *record_ids: str) -> int:
        return self.runner.run(self.service.assessing.delete(kind, record_ids))

    def assessments(self, kind: AssessmentKind) -> list[Assessment]:
        query = AssessmentQuery(kind, Window(1_000), order=newest_assessments(kind))
        return self.runner.run(self.storage.list_assessments(query)).nodes

    def find(self, trace_id: str, span_id: str) -> Span | None:
        return self.runner.run(self.storage.get_span(trace_id, span_id))

    def trace(self, trace_id: str) -> Trace | None:
        return self.runner.run(self.storage.get_trace(trace_id))

    def traces(self, sort: Sort = NEWEST, first: int = 50, after: str | None = None) -> Listing:
        order = sort.order(TRACE_IDENTITY)
        bound = TraceQuery(Window(0), order=order).fingerprint()
        window = Window(first, after=decode_cursor(after, bound) if after else None)
        page = self.runner.run(self.storage.list_traces(TraceQuery(window, order=order)))
        total = self.runner.run(self.storage.count_traces(ALWAYS))
        end = encode_cursor(position(page.nodes[-1], order), bound) if page.nodes else None
        return Listing([trace.trace_id for trace in page.nodes], total, end, page.has_next)

    def spans(self, sort: Sort = NEWEST, first: int = 50, after: str | None = None) -> Listing:
        order = sort.order(SPAN_IDENTITY)
        bound = SpanQuery(Window(0), order=order).fingerprint()
        window = Window(first, after=decode_cursor(after, bound) if after else None)
        page = self.runner.run(self.storage.list_spans(SpanQuery(window, order=order)))
        total = self.runner.run(self.storage.count_spans(ALWAYS))
        end = encode_cursor(position(page.nodes[-1], order), bound) if page.nodes else None
        return Listing([span.span_id for span in page.nodes], total, end, page.has_next)

    def trace_spans(self, trace_id: str, first: int = 50) -> list[str]:
        query = SpanQuery(Window(first), order=total_order([OrderKey("started_at")], SPAN_IDENTITY))
        (page,) = self.runner.run(self.storage.list_trace_spans([trace_id], query))
        return [span.span_id for span in page.nodes]


def pages(listing: Listing, following: Sequence[Listing]) -> list[str]:
    """Return the ids of several pages in a row."""
    return [found for page in (listing, *following) for found in page.ids]
