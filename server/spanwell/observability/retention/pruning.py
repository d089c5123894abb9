"""Deletes traces that have expired or exceed the size limit, in steps so small that nobody waits."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace

from spanwell.observability.model.assessments import Assessment, AssessmentKind
from spanwell.observability.model.columns import Nanos
from spanwell.observability.questions.conditions import ALWAYS, AnyOf, Compare, Condition, Op
from spanwell.observability.questions.ordering import TRACE_IDENTITY, OrderKey
from spanwell.observability.questions.queries import AssessmentQuery, TraceQuery, Window, assessment_identity
from spanwell.observability.service import Observability

from .rules import Rule

_OLDEST = (OrderKey("started_at"), *TRACE_IDENTITY)
_TRACES, _SPANS = 200, 1_000
"""The most traces of a step, and about the most spans."""
_LOOSE = 1_000
"""How many scores are checked at a time."""
_ROUNDS = 5
_SPARE = 0.02
"""The share of the store to delete beyond the excess, so that the limit is not exceeded again at once."""


@dataclass(frozen=True)
class Pruned:
    """How many traces were deleted, or would be, and how many spans of them."""

    traces: int = 0
    spans: int = 0

    def __add__(self, other: "Pruned") -> "Pruned":
        return Pruned(self.traces + other.traces, self.spans + other.spans)


class Pruner:
    """Keeps a store within its retention rules and, if `max_bytes` is not 0, within a size."""

    def __init__(
        self,
        service: Observability,
        rules: Sequence[Rule],
        max_bytes: int = 0,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._service = service
        self._storage = service.storage
        self._rules = rules
        self._max_bytes = max_bytes
        self._clock = clock

    async def due(self) -> list[tuple[str, Pruned]]:
        """Return what each rule and the size limit would delete now, without deleting anything."""
        now = Nanos(self._clock())
        found = [(rule.text, await self._count(rule.due(now))) for rule in self._rules]
        if self._max_bytes:
            spans = await self._storage.count_spans(ALWAYS)
            traces = await self._storage.count_traces(ALWAYS)
            share = await self._too_much()
            found.append((f"at most {self._max_bytes:,} bytes", Pruned(round(traces * share), round(spans * share))))
        return found

    async def run(self) -> Pruned:
        """Delete all traces that are due."""
        done = Pruned()
        if self._rules:
            now = Nanos(self._clock())
            done += await self._delete(AnyOf(tuple(rule.due(now) for rule in self._rules)))
            await self._delete_loose(now)
        for _ in range(_ROUNDS):
            share = await self._too_much() if self._max_bytes else 0.0
            if not share:
                break
            done += await self._delete(ALWAYS, round(await self._storage.count_spans(ALWAYS) * share) + 1)
            await self._storage.reclaim()
        return done

    async def _count(self, where: Condition) -> Pruned:
        traces = await self._storage.count_traces(where)
        spans = 0
        if traces:
            async for _, count in self._oldest(where):
                spans += count
        return Pruned(traces, spans)

    async def _oldest(self, where: Condition) -> AsyncGenerator[tuple[str, int]]:
        """Yield trace ids with their span counts, the oldest first."""
        after = None
        while True:
            window = Window(1_000, after=after)
            columns = frozenset({"trace_id", "span_count", "started_at"})
            page = await self._storage.list_traces(TraceQuery(window, where, _OLDEST, columns, frozenset()))
            for trace in page.nodes:
                yield trace.trace_id, trace.span_count
                after = (trace.started_at, trace.trace_id)
            if not page.has_next:
                return

    async def _too_much(self) -> float:
        """Return the share of the store that exceeds the limit; 0 if none does."""
        used = (await self._storage.get_size()).used
        return 0.0 if used <= self._max_bytes else min(1.0, (used - self._max_bytes) / used + _SPARE)

    async def _delete(self, where: Condition, spans: float = float("inf")) -> Pruned:
        """Delete traces, oldest first, until none are left or enough spans are deleted."""
        done = Pruned()
        step: list[str] = []
        size = 0
        async for trace_id, count in self._oldest(where):
            step.append(trace_id)
            size += count
            if len(step) >= _TRACES or size >= _SPANS:
                done += await self._step(step)
                step, size = [], 0
            if done.spans + size >= spans:
                break
        return done + (await self._step(step) if step else Pruned())

    async def _delete_loose(self, now: Nanos) -> None:
        """Delete scores and feedback older than the longest retention that refer to no existing trace."""
        if all(rule.is_special for rule in self._rules):
            return
        until = now - max(rule.age for rule in self._rules)
        for kind in AssessmentKind:
            query = AssessmentQuery(kind, Window(_LOOSE), Compare("timestamp", Op.LT, until), assessment_identity(kind))
            more = True
            while more:
                page = await self._storage.list_assessments(query)
                loose = await self._loose(page.nodes)
                await self._service.assessing.delete(kind, list(map(kind.id_of, loose)))
                more = page.has_next
                if page.nodes:
                    query = replace(query, window=Window(_LOOSE, after=(kind.id_of(page.nodes[-1]),)))

    async def _loose(self, records: Sequence[Assessment]) -> list[Assessment]:
        ids = list({record.trace_id for record in records if record.trace_id is not None})
        found = await self._storage.get_traces(ids, frozenset({"trace_id"}), frozenset())
        there = {trace.trace_id for trace in found if trace is not None}
        return [record for record in records if record.trace_id not in there]

    async def _step(self, trace_ids: Sequence[str]) -> Pruned:
        """Delete traces, then pause for as long as that took."""
        began = time.monotonic()
        deleted = await self._service.delete_traces(trace_ids)
        await asyncio.sleep(time.monotonic() - began)
        return Pruned(deleted.deleted_trace_count, deleted.deleted_span_count)
