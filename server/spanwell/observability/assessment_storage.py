"""The interface of a store for scores and feedback. Each method's docstring is its contract, as in `storage`."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from .derivation.assessing import AssessmentUpdate
from .derivation.batches import Created, Updated
from .model.assessments import Assessment, AssessmentKind, Owner
from .questions.conditions import Condition
from .questions.queries import AssessmentQuery, Page
from .questions.removals import AssessmentRemoval
from .questions.statistics import Stats, StatsQuery


class AssessmentStorage(ABC):
    """Stores scores and feedback on spans and traces, which need not exist.

    They are deleted with their trace, in the same transaction.
    """

    @abstractmethod
    async def batch_create_assessments(self, kind: AssessmentKind, records: Sequence[Assessment]) -> Created:
        """Merge every record into the store by `assessing.apply_creates`, or none of them."""

    @abstractmethod
    async def batch_update_assessments(self, kind: AssessmentKind, updates: Sequence[AssessmentUpdate]) -> Updated:
        """Change every existing record by `assessing.apply_updates`; return the indexes of updates without a record."""

    @abstractmethod
    async def batch_delete_assessments(self, kind: AssessmentKind, record_ids: Sequence[str]) -> int:
        """Delete records and return how many; unknown ids are ignored."""

    @abstractmethod
    async def get_assessments(self, kind: AssessmentKind, record_ids: Sequence[str]) -> list[Assessment | None]:
        """Return the records with the ids, in the same order; None for each that does not exist."""

    @abstractmethod
    async def list_assessments(self, query: AssessmentQuery) -> Page[Assessment]:
        """Return a page of the records that meet a condition."""

    @abstractmethod
    async def list_assessment_changes(self, query: AssessmentQuery) -> Page[Assessment | AssessmentRemoval]:
        """Return a page of changed records, with removals from the list; all from one state of the store."""

    @abstractmethod
    async def count_assessments(self, kind: AssessmentKind, where: Condition) -> int:
        """Return the exact number of records that meet a condition."""

    @abstractmethod
    async def list_assessments_of(
        self, by: tuple[str, ...], owners: Sequence[Owner], query: AssessmentQuery
    ) -> list[Page[Assessment]]:
        """Return for each owner the query's page of its records, in one statement for all owners.

        `by` are the columns that name the owner.
        """

    @abstractmethod
    async def count_assessments_of(
        self, by: tuple[str, ...], owners: Sequence[Owner], kind: AssessmentKind, where: Condition
    ) -> list[int]:
        """Return for each owner the number of its records that meet a condition, in one statement for all owners."""

    @abstractmethod
    async def assessment_stats(self, kind: AssessmentKind, query: StatsQuery) -> Stats:
        """Return statistics of records, as defined by `plain_stats`. Raises `InvalidInput` for too many rows."""

    @abstractmethod
    async def assessment_stretch(self, kind: AssessmentKind, where: Condition) -> tuple[int, int] | None:
        """Return the first and last times of the records that meet a condition; None if there are none."""
