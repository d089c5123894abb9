"""Scores and feedback in dictionaries."""

from abc import abstractmethod
from collections.abc import Sequence

from typing_extensions import override

from spanwell.observability.derivation.assessing import AssessmentUpdate, apply_creates, apply_updates
from spanwell.observability.derivation.batches import Created, Updated
from spanwell.observability.model.assessments import Assessment, AssessmentKind, Owner
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.queries import AssessmentQuery, Page, plain_page
from spanwell.observability.questions.removals import EVERYTHING, AssessmentRemoval, unmatched, with_removals
from spanwell.observability.questions.statistics import Stats, StatsQuery
from spanwell.observability.storage import ObservabilityStorage
from spanwell.observability.write_clock import Ticks

from .evaluation import holds
from .forest import Forest
from .statistics import fact_of_assessment, plain_stats


class MemoryAssessments(ObservabilityStorage):
    """The scores and feedback of the reference store."""

    def __init__(self, ticks: Ticks) -> None:
        self._ticks = ticks
        self._kept: dict[AssessmentKind, dict[str, Assessment]] = {kind: {} for kind in AssessmentKind}
        self._removed: dict[AssessmentKind, list[AssessmentRemoval]] = {kind: [] for kind in AssessmentKind}

    @override
    async def batch_create_assessments(self, kind: AssessmentKind, records: Sequence[Assessment]) -> Created:
        return apply_creates(kind, self._kept[kind], records, self._ticks.next())

    @override
    async def batch_update_assessments(self, kind: AssessmentKind, updates: Sequence[AssessmentUpdate]) -> Updated:
        return apply_updates(kind, self._kept[kind], updates, self._ticks.next())

    @override
    async def batch_delete_assessments(self, kind: AssessmentKind, record_ids: Sequence[str]) -> int:
        self._ticks.next()
        return self._forget(kind, set(record_ids) & self._kept[kind].keys())

    def _forget(self, kind: AssessmentKind, record_ids: set[str]) -> int:
        for record_id in record_ids:
            del self._kept[kind][record_id]
        self._removed[kind] += [AssessmentRemoval(record_id, self._ticks.latest) for record_id in record_ids]
        return len(record_ids)

    @override
    async def get_assessments(self, kind: AssessmentKind, record_ids: Sequence[str]) -> list[Assessment | None]:
        return [self._kept[kind].get(record_id) for record_id in record_ids]

    @override
    async def list_assessments(self, query: AssessmentQuery) -> Page[Assessment]:
        return plain_page(self._that(query.kind, query.where), query.order, query.window)

    @override
    async def list_assessment_changes(self, query: AssessmentQuery) -> Page[Assessment | AssessmentRemoval]:
        kept, left = await self.list_assessments(query), await self.list_assessments(unmatched(query))
        return with_removals(query, kept, left, plain_page(self._removed[query.kind], query.order, query.window))

    @override
    async def count_assessments(self, kind: AssessmentKind, where: Condition) -> int:
        return len(self._that(kind, where))

    @override
    async def list_assessments_of(
        self, by: tuple[str, ...], owners: Sequence[Owner], query: AssessmentQuery
    ) -> list[Page[Assessment]]:
        met = self._that(query.kind, query.where)
        return [plain_page(_of(owner, by, met), query.order, query.window) for owner in owners]

    @override
    async def count_assessments_of(
        self, by: tuple[str, ...], owners: Sequence[Owner], kind: AssessmentKind, where: Condition
    ) -> list[int]:
        met = self._that(kind, where)
        return [len(_of(owner, by, met)) for owner in owners]

    @override
    async def assessment_stats(self, kind: AssessmentKind, query: StatsQuery) -> Stats:
        met = self._that(kind, query.where)
        spans = await self.get_spans([(record.trace_id or "", record.span_id or "") for record in met])
        traces = await self.get_traces([record.trace_id or "" for record in met])
        return plain_stats(map(fact_of_assessment, met, spans, traces), query)

    @override
    async def assessment_stretch(self, kind: AssessmentKind, where: Condition) -> tuple[int, int] | None:
        moments = [record.timestamp for record in self._that(kind, where)]
        return (min(moments), max(moments)) if moments else None

    def assessments_of(self, trace_id: str) -> list[Assessment]:
        """Return all scores and feedback of a trace."""
        return [record for kept in self._kept.values() for record in kept.values() if record.trace_id == trace_id]

    def forget_assessments(self, trace_ids: Sequence[str]) -> None:
        """Delete all scores and feedback of some traces."""
        for kind, kept in self._kept.items():
            self._forget(kind, {key for key, record in kept.items() if record.trace_id in trace_ids})

    def forget_all_assessments(self) -> None:
        """Delete all scores and feedback."""
        for kind, kept in self._kept.items():
            kept.clear()
            self._removed[kind] = [AssessmentRemoval(EVERYTHING, self._ticks.latest)]

    def _that(self, kind: AssessmentKind, where: Condition) -> list[Assessment]:
        records = self._kept[kind].values()
        forests = {trace_id: self.forest_of(trace_id) for trace_id in {record.trace_id or "" for record in records}}
        return [record for record in records if holds(where, record, forests[record.trace_id or ""])]

    @abstractmethod
    def forest_of(self, trace_id: str) -> Forest:
        """Return the spans of a trace (empty if it does not exist) and its scores and feedback."""


def _of(owner: Owner, by: tuple[str, ...], records: Sequence[Assessment]) -> list[Assessment]:
    return [record for record in records if tuple(getattr(record, column) for column in by) == owner]
