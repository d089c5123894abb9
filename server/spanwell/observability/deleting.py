"""Deletes whatever a condition finds, a few traces at a time, so that other writes go on in between."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, replace

from spanwell.observability.derivation.batches import Deleted
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import AllOf, Compare, Condition, Op, is_always
from spanwell.observability.questions.fields import trace_field
from spanwell.observability.questions.ordering import TRACE_IDENTITY, OrderKey, position
from spanwell.observability.questions.queries import TraceQuery, Window
from spanwell.observability.questions.statistics import Basic, Measure, Measured, StatsQuery

from .feed.live import Feed
from .storage import ObservabilityStorage

_STEP = 200
"""How many traces one transaction deletes at most."""
_ORDER = (OrderKey("started_at"), *TRACE_IDENTITY)
_ROUNDS = 3
"""Rounds of search: traces that change between being found and being deleted are found again in the next round."""

Delete = Callable[[list[str], Nanos], Awaitable[Deleted]]


@dataclass(frozen=True)
class DeletedMatches:
    """How many traces, with how many spans, met a condition, and how many of both were deleted."""

    matched_trace_count: int = 0
    matched_span_count: int = 0
    deleted_trace_count: int = 0
    deleted_span_count: int = 0
    has_more: bool = False

    def and_step(self, found: list[Trace], deleted: Deleted) -> "DeletedMatches":
        """Return the sums including one more step."""
        return DeletedMatches(
            self.matched_trace_count + len(found),
            self.matched_span_count + sum(trace.span_count for trace in found),
            self.deleted_trace_count + deleted.deleted_trace_count,
            self.deleted_span_count + deleted.deleted_span_count,
        )

    def next_round(self) -> "DeletedMatches":
        """Return the sums of what was deleted: the rest will be found again."""
        deleted = Deleted(self.deleted_trace_count, self.deleted_span_count)
        return replace(
            self, matched_trace_count=deleted.deleted_trace_count, matched_span_count=deleted.deleted_span_count
        )


class MatchDeletion:
    """Deletes the traces that meet a condition and existed when the deletion began.

    Traces that change after they were read are read again, so nothing is deleted that no longer meets the condition.
    """

    def __init__(self, storage: ObservabilityStorage, feed: Feed, where: Condition, seconds: float) -> None:
        if is_always(where):
            raise InvalidInput("matches every trace; use `dangerouslyClearAll` to delete everything", "filter")
        self._storage = storage
        self._feed = feed
        self._where = where
        self._until = time.monotonic() + seconds

    async def count(self) -> DeletedMatches:
        """Return how many traces match, with how many spans, without deleting any."""
        figures = Basic.COUNT, Measured(trace_field("spanCount"), Measure.SUM)
        traces, spans = (await self._storage.trace_stats(StatsQuery(figures, self._where))).cells[0, 0]
        return DeletedMatches(traces, int(spans or 0))

    async def run(self, delete: Delete) -> DeletedMatches:
        """Delete matching traces until none are left or time is up."""
        where = AllOf((self._where, Compare("created_at", Op.LTE, await self._now())))
        done = DeletedMatches()
        for _ in range(_ROUNDS):
            done = done.next_round()
            async for now, found in self._found(where):
                done = done.and_step(found, await delete([trace.trace_id for trace in found], now))
                if time.monotonic() > self._until:
                    return replace(done, has_more=True)
            if done.matched_trace_count == done.deleted_trace_count or not done.deleted_trace_count:
                break
        return done

    async def _found(self, where: Condition) -> AsyncGenerator[tuple[Nanos, list[Trace]]]:
        """Yield blocks of matching traces, the oldest first, each with a time before the block was read."""
        own = frozenset({"trace_id", "started_at", "span_count"})
        query = TraceQuery(Window(_STEP), where, _ORDER, own, frozenset())
        more = True
        while more:
            now = await self._now()
            page = await self._storage.list_traces(query)
            if page.nodes:
                yield now, page.nodes
                query = replace(query, window=Window(_STEP, after=position(page.nodes[-1], _ORDER)))
            more = page.has_next

    async def _now(self) -> Nanos:
        return Nanos((await self._feed.latest_span())[0])
