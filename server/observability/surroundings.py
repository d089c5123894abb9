"""What the spans around a span say of it, and the spans below it, some levels at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

from .conditions import ALWAYS
from .cursors import fingerprint
from .forest import Forest
from .queries import ALL_SPAN_COLUMNS, Columns, Page
from .self_time import self_time_ms
from .span import Span, SpanKey


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


def plain_surroundings(span: Span, forest: Forest) -> Surroundings:
    """Return the surroundings of a span: the meaning that every backend must give."""
    children = forest.children(span)
    depth = sum(1 for _ in forest.ancestors(span))
    return Surroundings(depth, len(children), self_time_ms(span, children))


def below(span: Span, forest: Forest, depth: int) -> Iterator[Span]:
    """Yield the spans up to some levels below a span, each before those below it."""
    waiting = [(child, 1) for child in reversed(forest.children(span))]
    while waiting:
        each, level = waiting.pop()
        yield each
        if level < depth:
            waiting += [(child, level + 1) for child in reversed(forest.children(each))]


def plain_below(span: Span, forest: Forest, query: BelowQuery) -> Page[Span]:
    """Return a page of the spans below a span: the meaning that every backend must give."""
    found = list(below(span, forest, query.depth))
    if query.after is not None:
        starts, _ = forest.intervals()
        place = starts.get(query.after, len(starts))
        found = [each for each in found if starts[each.span_id] > place]
    return page_below(found[: query.size + 1], query)


def page_below(found: list[Span], query: BelowQuery) -> Page[Span]:
    """Return the page that a fetch of up to `size + 1` spans gives."""
    return Page(found[: query.size], len(found) > query.size, has_previous=query.after is not None)
