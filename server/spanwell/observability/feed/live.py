"""Live tail: lists in the order in which their records last changed, followed as the store grows.

The store itself is the feed. Every write has a moment of its own (`Ticks`), so `(updatedAt, traceId, spanId)` orders
all changes of spans, `(changedAt, traceId)` those of traces, and `(updatedAt, scoreId)` those of scores; a follower is
a position in that order and holds nothing else. A commit wakes it, and it reads what comes after its position. So
nothing is sent before it is committed, a cursor resumes without gaps or repeats (also after a restart), a slow follower
costs no memory, and filters work as in lists. A record that changes twice before it is read is sent once, in its latest
state.

Followers of the same list share its newest changes (`Recent`); one that is further behind reads on its own until it has
caught up.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.span import Span
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.ordering import (
    SPAN_IDENTITY,
    TRACE_IDENTITY,
    Order,
    OrderKey,
    Position,
    position,
    reverse,
)
from spanwell.observability.questions.queries import (
    AssessmentQuery,
    Page,
    SpanQuery,
    TraceQuery,
    Window,
    changed_assessments,
)
from spanwell.observability.questions.removals import AssessmentRemoval, Removal
from spanwell.observability.storage import ObservabilityStorage

from .recent_changes import Reader, Recent

CHANGED_SPANS: Order = (OrderKey("updated_at"), *SPAN_IDENTITY)
CHANGED_TRACES: Order = (OrderKey("changed_at"), *TRACE_IDENTITY)

AT_ONCE = 100
"""How many records a follower reads at once."""

_PAUSE = 0.05
"""Seconds between a commit and the read, to collect more commits: a list is read at most twenty times a second."""

_KEPT = 32
"""How many pages are kept for followers that need them a moment later."""

Q = TypeVar("Q", SpanQuery, TraceQuery, AssessmentQuery)
Read: TypeAlias = Callable[[Q], Coroutine[Any, Any, Page[Any]]]
List: TypeAlias = tuple[Read[Any], SpanQuery | TraceQuery | AssessmentQuery]
"""A list, regardless of the query's window, and the function that reads it."""


class Feed:
    """Follows the changes of one store."""

    def __init__(self, storage: ObservabilityStorage, pause: float = _PAUSE) -> None:
        self._storage = storage
        self._pause = pause
        self._read_at = 0
        self._reads: dict[List, asyncio.Task[Page[Any]]] = {}
        self._followers: Counter[List] = Counter()
        self._recent: dict[List, Recent[Any]] = {}

    async def latest_span(self) -> Position:
        """Return the position of the last change of any span."""
        columns = frozenset(key.column for key in CHANGED_SPANS)
        query = SpanQuery(Window(1), order=reverse(CHANGED_SPANS), columns=columns)
        page = await self._shared(query, self._storage.list_span_changes)
        return position(page.nodes[0], CHANGED_SPANS) if page.nodes else (0, "", "")

    async def latest_trace(self) -> Position:
        """Return the position of the last change of any trace."""
        columns = frozenset(key.column for key in CHANGED_TRACES)
        query = TraceQuery(Window(1), order=reverse(CHANGED_TRACES), columns=columns, head_columns=frozenset())
        page = await self._shared(query, self._storage.list_trace_changes)
        return position(page.nodes[0], CHANGED_TRACES) if page.nodes else (0, "")

    def spans(self, query: SpanQuery) -> AsyncGenerator[Span]:
        """Yield spans of a list as they change; its order is `CHANGED_SPANS`, its window begins after a position."""
        return self._follow(query, self._storage.list_spans)

    def span_changes(self, query: SpanQuery) -> AsyncGenerator[Span | Removal]:
        """Yield changed spans like `spans`, and removals."""
        return self._follow(query, self._storage.list_span_changes)

    def traces(self, query: TraceQuery) -> AsyncGenerator[Trace]:
        """Yield the traces of a list as they change; its order is `CHANGED_TRACES`."""
        return self._follow(query, self._storage.list_traces)

    def trace_changes(self, query: TraceQuery) -> AsyncGenerator[Trace | Removal]:
        """Yield changed traces like `traces`, and removals."""
        return self._follow(query, self._storage.list_trace_changes)

    async def latest_assessment(self, kind: AssessmentKind) -> Position:
        """Return the position of the last change of any score or feedback."""
        order = changed_assessments(kind)
        query = AssessmentQuery(kind, Window(1), order=reverse(order))
        page = await self._shared(query, self._storage.list_assessment_changes)
        return position(page.nodes[0], order) if page.nodes else (0, "")

    def assessments(self, query: AssessmentQuery) -> AsyncGenerator[Assessment]:
        """Yield the scores or feedback of a list as they change; its order is `changed_assessments`."""
        return self._follow(query, self._storage.list_assessments)

    def assessment_changes(self, query: AssessmentQuery) -> AsyncGenerator[Assessment | AssessmentRemoval]:
        """Yield changed scores or feedback like `assessments`, and removals."""
        return self._follow(query, self._storage.list_assessment_changes)

    async def _follow(self, query: Q, read: Read[Q]) -> AsyncGenerator[Any]:
        place = query.window.after or ()
        followed: List = (read, replace(query, window=Window(query.window.size)))
        read_after = self._reader(query, read)
        with self._following(followed):
            while True:
                recent, known = self._recent.get(followed), None
                start = recent.start if recent else ()
                if recent and place >= start:
                    records = await recent.after(place)
                else:
                    page, known = await read_after(place, None)
                    records = page.nodes
                for record in records:
                    place = position(record, query.order)
                    yield record
                if known is not None:
                    place = max(place, start)  # there was nothing between
                    self._recent.setdefault(followed, Recent(read_after, query.order, place, known))

    def _reader(self, query: Q, read: Read[Q]) -> Reader[Any]:
        """Return the function by which `Recent` reads a list."""

        async def read_after(place: Position, known: int | None) -> tuple[Page[Any], int | None]:
            if known is not None:
                await self._storage.commits.after(known)
                await asyncio.sleep(self._pause)
            seen = self._storage.commits.count
            page = await self._shared(replace(query, window=replace(query.window, after=place or None)), read)
            return page, None if page.has_next else seen

        return read_after

    @contextmanager
    def _following(self, followed: List) -> Generator[None]:
        """Keep the newest changes of a list as long as it has followers."""
        self._followers[followed] += 1
        try:
            yield
        finally:
            self._followers[followed] -= 1
            if not self._followers[followed]:
                del self._followers[followed]
                if recent := self._recent.pop(followed, None):
                    recent.close()

    async def _shared(self, query: Q, read: Read[Q]) -> Page[Any]:
        """Return a page; reads of the same page are shared until the next commit."""
        if self._read_at != self._storage.commits.count or len(self._reads) > _KEPT:
            self._read_at = self._storage.commits.count
            self._reads.clear()
        reading = self._reads.get((read, query))
        if reading is None or (reading.done() and (reading.cancelled() or reading.exception())):
            reading = self._reads[read, query] = asyncio.ensure_future(read(query))
        return await asyncio.shield(reading)
