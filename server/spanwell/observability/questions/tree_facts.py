"""What the spans around a span say of it, and the spans below it, some levels at a time."""

from dataclasses import dataclass

from spanwell.observability.model.span import Span, SpanKey

from .conditions import ALWAYS
from .cursors import fingerprint
from .queries import ALL_SPAN_COLUMNS, Columns, Page


@dataclass(frozen=True)
class Surroundings:
    """How many spans are above a span, how many are its children, and how long it was busy itself."""

    depth: int = 0
    child_count: int = 0
    self_time_ms: float | None = None


@dataclass(frozen=True)
class BelowQuery:
    """The spans up to `depth` levels below a span, in pre-order: at most `size` of them, after the one of an id.

    A place in pre-order moves when spans arrive, so that a page begins after a span and not after a place.
    """

    size: int
    depth: int = 1
    after: str | None = None
    columns: Columns = ALL_SPAN_COLUMNS

    def fingerprint(self, parent: SpanKey) -> bytes:
        """Return what the cursors of the list below a span are bound to."""
        return fingerprint(repr(("below", parent, self.depth)), ALWAYS, ())


def page_below(found: list[Span], query: BelowQuery) -> Page[Span]:
    """Return the page that a fetch of up to `size + 1` spans gives."""
    return Page(found[: query.size], len(found) > query.size, has_previous=query.after is not None)
