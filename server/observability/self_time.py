"""How long a span was busy itself: its duration without the time in which any of its children was under way."""

from collections.abc import Iterable

from .span import Span


def self_time_ms(span: Span, children: Iterable[Span]) -> float | None:
    """Return a span's self time in milliseconds; None while it runs.

    Children count as far as they lie within the span, and each moment once, however many were under way; one that still
    runs lasts to the span's end. A span that ends before it begins has none.
    """
    if span.ended_at is None:
        return None
    alone, at = 0, span.started_at
    for child in sorted(children, key=lambda child: child.started_at):
        since = min(span.ended_at, child.started_at)
        alone += max(0, since - at)
        at = max(at, since, span.ended_at if child.ended_at is None else child.ended_at)
    return (alone + max(0, span.ended_at - at)) / 1_000_000
