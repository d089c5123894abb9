"""Removals from lists: deleted records, and changed records that no longer meet the list's condition."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.times import SECOND

from .conditions import AllOf, Not, Rewritten
from .ordering import ordered, position
from .queries import AssessmentQuery, ListQuery, Page, SpanQuery, TraceQuery, page_of

Q = TypeVar("Q", SpanQuery, TraceQuery, AssessmentQuery)

REMEMBERED = 7 * 24 * 60 * 60 * SECOND
"""How long deletions are remembered, in nanoseconds: a client that resumes later may miss some."""

EVERYTHING = ""
"""The id in a removal that stands for the deletion of everything."""


class RemovalReason(Enum):
    """Why a record left a list."""

    DELETED = "DELETED"
    CLEARED = "CLEARED"
    UNMATCHED = "UNMATCHED"


@dataclass
class Removal:
    """A removal of a record from a list, at the position of the change that removed it.

    A deletion is that of a whole trace, and has an empty `span_id`; if everything was deleted, `trace_id` is empty,
    too.
    """

    trace_id: str
    changed_at: Nanos
    span_id: str = ""
    unmatched: bool = False

    @property
    def updated_at(self) -> Nanos:
        """The time of the removal, by the name that spans use."""
        return self.changed_at

    @property
    def reason(self) -> RemovalReason:
        """Why the record left the list."""
        return _reason(self.trace_id, unmatched=self.unmatched)


@dataclass
class AssessmentRemoval:
    """A removal of a score or feedback from a list; if everything was deleted, `record_id` is empty."""

    record_id: str
    updated_at: Nanos
    unmatched: bool = False

    @property
    def score_id(self) -> str:
        """The id, by the name that scores use."""
        return self.record_id

    @property
    def feedback_id(self) -> str:
        """The id, by the name that feedback uses."""
        return self.record_id

    @property
    def reason(self) -> RemovalReason:
        """Why the record left the list."""
        return _reason(self.record_id, unmatched=self.unmatched)


def _reason(identity: str, *, unmatched: bool) -> RemovalReason:
    if unmatched:
        return RemovalReason.UNMATCHED
    return RemovalReason.CLEARED if identity == EVERYTHING else RemovalReason.DELETED


def unmatched(query: Q) -> Q:
    """Return the list of records that may have left a list of changes."""
    left = replace(query, where=AllOf((Rewritten(), Not(query.where))))
    if isinstance(left, AssessmentQuery):
        return left
    return replace(left, columns=frozenset(key.column for key in query.order))


def with_removals(query: ListQuery, matching: Page[Any], left: Page[Any], deleted: Page[Any]) -> Page[Any]:
    """Merge pages of changed records in a list, of records that left it, and of deletions.

    A record that was deleted and created again in the same write has been changed, not deleted.
    """
    removals = [_unmatched(query, record) for record in left.nodes]
    by_position = {position(change, query.order): change for change in (*deleted.nodes, *removals, *matching.nodes)}
    page = page_of(ordered(by_position.values(), query.order), query.window)
    return replace(page, has_next=page.has_next or any(part.has_next for part in (matching, left, deleted)))


def _unmatched(query: ListQuery, record: Any) -> Removal | AssessmentRemoval:
    if isinstance(query, AssessmentQuery):
        return AssessmentRemoval(query.kind.id_of(record), record.updated_at, unmatched=True)
    time = getattr(record, query.order[0].column)
    return Removal(record.trace_id, time, getattr(record, "span_id", ""), unmatched=True)
