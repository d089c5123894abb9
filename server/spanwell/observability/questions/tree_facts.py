"""A span's surroundings in its tree, and pages of its descendants."""

from dataclasses import dataclass

from spanwell.observability.model.span import Span, SpanKey

from .conditions import ALWAYS
from .cursors import fingerprint
from .queries import ALL_SPAN_COLUMNS, Columns, Page


@dataclass(frozen=True)
class Surroundings:
    """A span's depth, number of children, and self time."""

    depth: int = 0
    child_count: int = 0
    self_time_ms: float | None = None


@dataclass(frozen=True)
class BelowQuery:
    """The descendants of a span down to `depth` levels, in pre-order: at most `size`, after the span with an id.

    Positions in pre-order change as spans arrive, so a page begins after a span and not after a position.
    """

    size: int
    depth: int = 1
    after: str | None = None
    columns: Columns = ALL_SPAN_COLUMNS

    def fingerprint(self, parent: SpanKey) -> bytes:
        """Return what the list's cursors are bound to."""
        return fingerprint(repr(("below", parent, self.depth)), ALWAYS, ())


def page_below(found: list[Span], query: BelowQuery) -> Page[Span]:
    """Return the page from a fetch of up to `size + 1` spans."""
    return Page(found[: query.size], len(found) > query.size, has_previous=query.after is not None)
