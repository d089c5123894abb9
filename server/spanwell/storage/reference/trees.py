"""Depth, children and self time of spans, in plain Python."""

from collections.abc import Iterable, Iterator

from spanwell.observability.model.span import Span
from spanwell.observability.questions.queries import Page
from spanwell.observability.questions.tree_facts import BelowQuery, Surroundings, page_below

from .forest import Forest


def plain_surroundings(span: Span, forest: Forest) -> Surroundings:
    """Return the surroundings of a span."""
    children = forest.children(span)
    depth = sum(1 for _ in forest.ancestors(span))
    return Surroundings(depth, len(children), self_time_ms(span, children))


def below(span: Span, forest: Forest, depth: int) -> Iterator[Span]:
    """Yield a span's descendants down to a depth, in pre-order."""
    waiting = [(child, 1) for child in reversed(forest.children(span))]
    while waiting:
        each, level = waiting.pop()
        yield each
        if level < depth:
            waiting += [(child, level + 1) for child in reversed(forest.children(each))]


def plain_below(span: Span, forest: Forest, query: BelowQuery) -> Page[Span]:
    """Return a page of a span's descendants."""
    found = list(below(span, forest, query.depth))
    if query.after is not None:
        starts, _ = forest.intervals()
        place = starts.get(query.after, len(starts))
        found = [each for each in found if starts[each.span_id] > place]
    return page_below(found[: query.size + 1], query)


def self_time_ms(span: Span, children: Iterable[Span]) -> float | None:
    """Return a span's self time in milliseconds; None while it is running.

    That is its duration minus the time during which any child was running. A child without an end runs to the end of
    the span. A span that ends before it starts has no self time.
    """
    if span.ended_at is None:
        return None
    alone, at = 0, span.started_at
    for child in sorted(children, key=lambda child: child.started_at):
        since = min(span.ended_at, child.started_at)
        alone += max(0, since - at)
        at = max(at, since, span.ended_at if child.ended_at is None else child.ended_at)
    return (alone + max(0, span.ended_at - at)) / 1_000_000
