"""The scores and feedback of the DuckDB store; each method is one read or one write."""

from abc import abstractmethod
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from typing_extensions import override

from spanwell.observability.derivation.assessing import AssessmentUpdate
from spanwell.observability.derivation.batches import Created, Updated
from spanwell.observability.model.assessments import Assessment, AssessmentKind, Owner
from spanwell.observability.questions.conditions import Condition
from spanwell.observability.questions.queries import AssessmentQuery, Columns, Page
from spanwell.observability.questions.removals import AssessmentRemoval
from spanwell.observability.questions.statistics import Stats, StatsQuery
from spanwell.observability.storage import ObservabilityStorage
from spanwell.storage.duckdb.conditions.scopes import OF_ASSESSMENTS
from spanwell.storage.duckdb.reading import statements
from spanwell.storage.duckdb.reading.assessments import changes, pages
from spanwell.storage.duckdb.reading.readers import Readers, fetch
from spanwell.storage.duckdb.reading.statistics import read_stats
from spanwell.storage.duckdb.writing import assessments as writing
from spanwell.storage.duckdb.writing.work import Work
from spanwell.storage.duckdb.writing.writer import Writer


class AssessingStorage(ObservabilityStorage):
    """Stores and reads scores and feedback."""

    _readers: Readers
    _writer: Writer

    @override
    async def batch_create_assessments(self, kind: AssessmentKind, records: Sequence[Assessment]) -> Created:
        created: Created = await self._write(partial(writing.create, kind, records), list(map(kind.id_of, records)))
        return created

    @override
    async def batch_update_assessments(self, kind: AssessmentKind, updates: Sequence[AssessmentUpdate]) -> Updated:
        ids = [update.record_id for update in updates]
        updated: Updated = await self._write(partial(writing.update, kind, updates), ids)
        return updated

    @override
    async def batch_delete_assessments(self, kind: AssessmentKind, record_ids: Sequence[str]) -> int:
        count: int = await self._write(partial(writing.delete, kind, record_ids), record_ids)
        return count

    async def _write(self, write: Callable[..., Any], record_ids: Collection[str]) -> Any:
        work = Work(lambda transaction: transaction.write_beside(write), count=len(record_ids), assessed=record_ids)
        return await self._writer.write(work)

    @override
    async def get_assessments(self, kind: AssessmentKind, record_ids: Sequence[str]) -> list[Assessment | None]:
        records = await self._readers.read(partial(pages.read_by_ids, kind, record_ids))
        found = {kind.id_of(record): record for record in records}
        return [found.get(record_id) for record_id in record_ids]

    @override
    async def list_assessments(self, query: AssessmentQuery) -> Page[Assessment]:
        await self._placed(query.where)
        return await self._readers.read(partial(pages.read_page, query))

    @override
    async def list_assessment_changes(self, query: AssessmentQuery) -> Page[Assessment | AssessmentRemoval]:
        await self._placed(query.where)
        return await self._readers.read(partial(changes.read_changes, query))

    @override
    async def count_assessments(self, kind: AssessmentKind, where: Condition) -> int:
        await self._placed(where)
        statement = statements.count(OF_ASSESSMENTS[kind], where)
        ((found,),) = await self._readers.search(lambda cursor: fetch(cursor, statement))
        return int(found)

    @override
    async def list_assessments_of(
        self, by: tuple[str, ...], owners: Sequence[Owner], query: AssessmentQuery
    ) -> list[Page[Assessment]]:
        await self._placed(query.where)
        return await self._readers.read(partial(pages.read_pages, by, owners, query))

    @override
    async def count_assessments_of(
        self, by: tuple[str, ...], owners: Sequence[Owner], kind: AssessmentKind, where: Condition
    ) -> list[int]:
        await self._placed(where)
        return await self._readers.read(partial(pages.count_each, by, owners, kind, where))

    @override
    async def assessment_stats(self, kind: AssessmentKind, query: StatsQuery) -> Stats:
        await self._placed(query.where)
        return await self._readers.search(lambda cursor: read_stats(cursor, query, OF_ASSESSMENTS[kind]))

    @override
    async def assessment_stretch(self, kind: AssessmentKind, where: Condition) -> tuple[int, int] | None:
        await self._placed(where)
        statement = statements.started(OF_ASSESSMENTS[kind], where)
        ((first, last),) = await self._readers.search(lambda cursor: fetch(cursor, statement))
        return None if first is None else (first, last)

    @abstractmethod
    async def _placed(
        self, where: Condition, columns: Columns = frozenset(), trace_ids: Sequence[str] | None = None
    ) -> None:
        """Update the places of spans in traces that grew, if a query needs them; of all traces, or some."""
