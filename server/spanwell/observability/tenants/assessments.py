"""A tenant's scores and feedback, stored under ids that begin with the tenant, like its traces."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from typing import TypeVar

from typing_extensions import override

from spanwell.observability.derivation.assessing import AssessmentUpdate
from spanwell.observability.derivation.batches import Created, Updated
from spanwell.observability.model.assessments import Assessment, AssessmentKind, Owner
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.queries import AssessmentQuery, Page, Window, assessment_identity
from spanwell.observability.questions.removals import AssessmentRemoval
from spanwell.observability.questions.statistics import Stats, StatsQuery
from spanwell.observability.storage import ObservabilityStorage

from .changes import own_changes
from .ids import OWN_IDS, TenantIds

A = TypeVar("A", bound=Assessment)
R = TypeVar("R", bound=Assessment | AssessmentRemoval)

_STEP = 1_000


class TenantAssessments(ObservabilityStorage):
    """The part of a tenant's store that keeps scores and feedback."""

    _whole: ObservabilityStorage
    _organization: str | None
    _ids: TenantIds

    @override
    async def batch_create_assessments(self, kind: AssessmentKind, records: Sequence[Assessment]) -> Created:
        return await self._whole.batch_create_assessments(kind, [self._stored(kind, record) for record in records])

    def _stored(self, kind: AssessmentKind, record: Assessment) -> Assessment:
        stored = self._turned_record(kind, record, self._ids.stored)
        if self._organization is not None:
            stored.organization_id = self._organization
        return stored

    def _turned_record(self, kind: AssessmentKind, record: A, turn: Callable[[str], str]) -> A:
        turned = copy(record)
        for column in kind.columns:
            value = getattr(record, column.name)
            if column.name in OWN_IDS and value is not None:
                setattr(turned, column.name, turn(value))
        return turned

    @override
    async def batch_update_assessments(self, kind: AssessmentKind, updates: Sequence[AssessmentUpdate]) -> Updated:
        return await self._whole.batch_update_assessments(kind, list(map(self._update_of, updates)))

    def _update_of(self, update: AssessmentUpdate) -> AssessmentUpdate:
        changes = {
            name: self._ids.stored(value) if name in OWN_IDS and isinstance(value, str) else value
            for name, value in update.changes.items()
        }
        if self._organization is not None and "organization_id" in changes:
            changes["organization_id"] = self._organization
        return AssessmentUpdate(self._ids.stored(update.record_id), changes)

    @override
    async def batch_delete_assessments(self, kind: AssessmentKind, record_ids: Sequence[str]) -> int:
        return await self._whole.batch_delete_assessments(kind, list(map(self._ids.stored, record_ids)))

    async def _clear_assessments(self) -> None:
        """Delete all scores and feedback of this tenant, in steps."""
        for kind in AssessmentKind:
            query = AssessmentQuery(kind, Window(_STEP), order=assessment_identity(kind))
            while nodes := (await self.list_assessments(query)).nodes:
                await self.batch_delete_assessments(kind, list(map(kind.id_of, nodes)))

    @override
    async def get_assessments(self, kind: AssessmentKind, record_ids: Sequence[str]) -> list[Assessment | None]:
        found = await self._whole.get_assessments(kind, list(map(self._ids.stored, record_ids)))
        return [None if record is None else self._seen_record(kind, record) for record in found]

    def _seen_record(self, kind: AssessmentKind, record: R) -> R:
        if isinstance(record, AssessmentRemoval):
            return replace(record, record_id=self._ids.seen(record.record_id))
        return self._turned_record(kind, record, self._ids.seen)

    @override
    async def list_assessments(self, query: AssessmentQuery) -> Page[Assessment]:
        return self._seen_records(query.kind, await self._whole.list_assessments(self._only_own(query)))

    @override
    async def list_assessment_changes(self, query: AssessmentQuery) -> Page[Assessment | AssessmentRemoval]:
        page = await own_changes(self._ids, self._only_own(query), self._whole.list_assessment_changes)
        return self._seen_records(query.kind, page)

    def _only_own(self, query: AssessmentQuery) -> AssessmentQuery:
        window = query.window
        after, before = (self._ids.place(place, query.order) for place in (window.after, window.before))
        where = self._ids.only(query.where, query.kind.id_column)
        return replace(query, where=where, window=replace(window, after=after, before=before))

    def _seen_records(self, kind: AssessmentKind, page: Page[R]) -> Page[R]:
        return replace(page, nodes=[self._seen_record(kind, record) for record in page.nodes])

    @override
    async def count_assessments(self, kind: AssessmentKind, where: Condition) -> int:
        return await self._whole.count_assessments(kind, self._ids.only(where, kind.id_column))

    @override
    async def list_assessments_of(
        self, by: tuple[str, ...], owners: Sequence[Owner], query: AssessmentQuery
    ) -> list[Page[Assessment]]:
        pages = await self._whole.list_assessments_of(by, self._owners(by, owners), self._only_own(query))
        return [self._seen_records(query.kind, page) for page in pages]

    @override
    async def count_assessments_of(
        self, by: tuple[str, ...], owners: Sequence[Owner], kind: AssessmentKind, where: Condition
    ) -> list[int]:
        own = self._ids.only(where, kind.id_column)
        return await self._whole.count_assessments_of(by, self._owners(by, owners), kind, own)

    def _owners(self, by: tuple[str, ...], owners: Sequence[Owner]) -> list[Owner]:
        turns = [self._ids.stored if column in OWN_IDS else str for column in by]
        return [tuple(turn(value) for turn, value in zip(turns, owner, strict=True)) for owner in owners]

    @override
    async def assessment_stats(self, kind: AssessmentKind, query: StatsQuery) -> Stats:
        found = await self._whole.assessment_stats(kind, self._ids.stats_query(query, kind.id_column))
        return self._ids.seen_stats(query, found)

    @override
    async def assessment_stretch(self, kind: AssessmentKind, where: Condition) -> tuple[int, int] | None:
        return await self._whole.assessment_stretch(kind, self._ids.only(where, kind.id_column))
