"""What a store must do with scores and feedback. Each method's docstring is its rule, as in `storage`."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from .derivation.assessing import AssessmentUpdate
from .derivation.batches import Created, Updated
from .model.assessments import Assessment, AssessmentKind, Owner
from .questions.conditions import Condition
from .questions.queries import AssessmentQuery, Page
from .questions.statistics import Stats, StatsQuery


class AssessmentStorage(ABC):
    """Keeps scores and feedback beside the spans that they are about, which need not be there.

    They are deleted with their trace, in the same transaction.
    """

    @abstractmethod
    async def batch_create_assessments(self, kind: AssessmentKind, records: Sequence[Assessment]) -> Created:
        """Merge every record into the store by `assessing.apply_creates`, or none of them."""

    @abstractmethod
    async def batch_update_assessments(self, kind: AssessmentKind, updates: Sequence[AssessmentUpdate]) -> Updated:
        """Change every record that is there by `assessing.apply_updates`, and name those that are not."""

    @abstractmethod
    async def batch_delete_assessments(self, kind: AssessmentKind, record_ids: Sequence[str]) -> int:
        """Delete records and return how many; ids that are not there are fine."""

    @abstractmethod
    async def get_assessments(self, kind: AssessmentKind, record_ids: Sequence[str]) -> list[Assessment | None]:
        """Return the records of some ids, in the ids' order; None where there is none."""

    @abstractmethod
    async def list_assessments(self, query: AssessmentQuery) -> Page[Assessment]:
        """Return a page of the records that meet a condition."""

    @abstractmethod
    async def count_assessments(self, kind: AssessmentKind, where: Condition) -> int:
        """Return exactly how many records meet a condition."""

    @abstractmethod
    async def list_assessments_of(
        self, by: tuple[str, ...], owners: Sequence[Owner], query: AssessmentQuery
    ) -> list[Page[Assessment]]:
        """Return for each owner the page that the query gives of its records; one statement for all of them.

        `by` are the columns that name the owner.
        """

    @abstractmethod
    async def count_assessments_of(
        self, by: tuple[str, ...], owners: Sequence[Owner], kind: AssessmentKind, where: Condition
    ) -> list[int]:
        """Return for each owner how many of its records meet a condition; one statement for all of them."""

    @abstractmethod
    async def assessment_stats(self, kind: AssessmentKind, query: StatsQuery) -> Stats:
        """Return figures of records, by `plain_stats`. Raises `InvalidInput` if they have too many rows."""

    @abstractmethod
    async def assessment_stretch(self, kind: AssessmentKind, where: Condition) -> tuple[int, int] | None:
        """Return when the first and the last record that meets a condition was made; None if there are none."""
