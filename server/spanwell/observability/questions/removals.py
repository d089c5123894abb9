"""Removals from lists: deleted records, and changed records that no longer meet the list's condition."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.times import SECOND

from .conditions import AllOf, Not, Rewritten
from .ordering import ordered, position
from .queries import Page, SpanQuery, TraceQuery, page_of

Q = TypeVar("Q", SpanQuery, TraceQuery)

REMEMBERED = 7 * 24 * 60 * 60 * SECOND
"""How long deletions are remembered, in nanoseconds: a client that resumes later may miss some."""

EVERYTHING = ""
"""The trace id of a removal that stands for the deletion of everything."""


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
        if self.unmatched:
            return RemovalReason.UNMATCHED
        return RemovalReason.DELETED if self.trace_id else RemovalReason.CLEARED


def unmatched(query: Q) -> Q:
    """Return the list of records that may have left a list of changes."""
    places = frozenset(key.column for key in query.order)
    return replace(query, where=AllOf((Rewritten(), Not(query.where))), columns=places)


def with_removals(query: Q, matching: Page[Any], left: Page[Any], deleted: Page[Removal]) -> Page[Any]:
    """Merge pages of changed records in a list, of records that left it, and of deletions.

    A trace that was deleted and created again in the same write has been changed, not deleted.
    """
    time = query.order[0].column
    removals: list[Any] = [
        Removal(record.trace_id, getattr(record, time), getattr(record, "span_id", ""), unmatched=True)
        for record in left.nodes
    ]
    by_position = {position(change, query.order): change for change in (*deleted.nodes, *removals, *matching.nodes)}
    page = page_of(ordered(by_position.values(), query.order), query.window)
    return replace(page, has_next=page.has_next or any(part.has_next for part in (matching, left, deleted)))
