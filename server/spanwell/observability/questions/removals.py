"""What is no longer in a list: deleted records, and those that were changed and no longer meet the list's condition."""

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
"""How long deletions are remembered, in nanoseconds: whoever resumes after longer may miss some."""

EVERYTHING = ""
"""Stands for the id of a trace where all of them were deleted together."""


class RemovalReason(Enum):
    """Why a record is no longer in a list."""

    DELETED = "DELETED"
    CLEARED = "CLEARED"
    UNMATCHED = "UNMATCHED"


@dataclass
class Removal:
    """That a record is no longer in a list, in the place of the change that took it out.

    A deletion is of a whole trace, and its `span_id` is empty; if everything was deleted, so is its `trace_id`.
    """

    trace_id: str
    changed_at: Nanos
    span_id: str = ""
    unmatched: bool = False

    @property
    def updated_at(self) -> Nanos:
        """When it was removed, by the name that spans have for it."""
        return self.changed_at

    @property
    def reason(self) -> RemovalReason:
        """Why it is no longer in the list."""
        if self.unmatched:
            return RemovalReason.UNMATCHED
        return RemovalReason.DELETED if self.trace_id else RemovalReason.CLEARED


def unmatched(query: Q) -> Q:
    """Return the list of the records that may have left a list of changes since they were in it."""
    places = frozenset(key.column for key in query.order)
    return replace(query, where=AllOf((Rewritten(), Not(query.where))), columns=places)


def with_removals(query: Q, kept: Page[Any], left: Page[Any], deleted: Page[Removal]) -> Page[Any]:
    """Return a page of changes, of those that are in a list, that left it, and that were deleted.

    A trace that was deleted and came again in the same write has been changed, not deleted.
    """
    moment = query.order[0].column
    gone: list[Any] = [
        Removal(one.trace_id, getattr(one, moment), getattr(one, "span_id", ""), unmatched=True) for one in left.nodes
    ]
    by_place = {position(one, query.order): one for one in (*deleted.nodes, *gone, *kept.nodes)}
    found = ordered(by_place.values(), query.order)
    page = page_of(found, query.window)
    return replace(page, has_next=page.has_next or any(part.has_next for part in (kept, left, deleted)))
