"""The critical path of a trace: at each moment, the span that the end of the trace was waiting for.

Walking backwards from its end, a span waited for the last of its children to finish, then, before that child began, for
the last one that had finished by then; in between it was busy itself. Children are clipped to their parent, so that
clock skew does no harm; a span that is still running lasts as long as its parent. The top spans of a trace are treated
as children of the whole trace.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span
from spanwell.observability.model.times import first_traced

from .derived import milliseconds


@dataclass(frozen=True)
class Segment:
    """A time range, never empty, in which the trace waited for a span itself and for none of its children."""

    span: Span
    started_at: Nanos
    ended_at: Nanos

    @property
    def duration_ms(self) -> float | None:
        """How long it took."""
        return milliseconds(self.started_at, self.ended_at)


@dataclass
class _Open:
    """A span that is being walked backwards: `at` is the position, `waiting` are its children, the last one last."""

    span: Span | None
    started_at: Nanos
    at: Nanos
    waiting: list[tuple[Nanos, Nanos, Span]]

    def last_finished(self) -> tuple[Nanos, Nanos, Span] | None:
        """Pop the last child that had finished by `at`; children that overlap what came after are skipped."""
        while self.waiting:
            child = self.waiting.pop()
            if child[1] <= self.at:
                return child
        return None


def critical_path(spans: Collection[Span]) -> list[Segment]:
    """Return the critical path of a trace in time order; only the times and places of its spans are read."""
    if not spans:
        return []
    families: dict[int | None, list[Span]] = {}
    for span in spans:
        families.setdefault(span.tree_parent, []).append(span)
    first, last = first_traced(span.started_at for span in spans), max(map(_last_known, spans))
    found: list[Segment] = []
    walked = [_Open(None, first, last, _within(families.get(None, ()), first, last))]
    while walked:
        now = walked[-1]
        child = now.last_finished()
        since = now.started_at if child is None else child[1]
        if now.span is not None and since < now.at:
            found.append(Segment(now.span, since, now.at))
        now.at = since
        if child is not None:
            started_at, ended_at, span = child
            below = _within(families.get(span.tree_start, ()), started_at, ended_at)
            walked.append(_Open(span, started_at, ended_at, below))
            continue
        walked.pop()
        if walked:
            walked[-1].at = now.started_at
    found.reverse()
    return found


def _last_known(span: Span) -> Nanos:
    return span.started_at if span.ended_at is None else max(span.started_at, span.ended_at)


def _within(family: Iterable[Span], first: Nanos, last: Nanos) -> list[tuple[Nanos, Nanos, Span]]:
    """Return the children's time ranges clipped to the parent's, the last to finish last, without empty ones."""
    stretches = (
        (max(span.started_at, first), last if span.ended_at is None else min(span.ended_at, last), span)
        for span in family
    )
    return sorted(
        (stretch for stretch in stretches if stretch[0] < stretch[1]),
        key=lambda stretch: (stretch[1], -stretch[0], -stretch[2].tree_start),
    )
