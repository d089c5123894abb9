"""When a growing trace starts and ends, kept up to date without looking at its other spans."""

from collections.abc import Sequence
from typing import NamedTuple

from spanwell.observability.model.times import EARLIEST_TRACED, first_traced

from .light_spans import LightSpan


class Bounds(NamedTuple):
    """The first and last start times of spans, when their trace started, and the last end time, if any ended.

    A trace does not start with a span of before `EARLIEST_TRACED`, whose time is most likely missing, if it has others.
    Only the last start time may be too late, if that span turned out to have started earlier: it only says where spans
    are to be looked for.
    """

    first: int
    last: int
    started_at: int
    ended_at: int | None

    @classmethod
    def of(cls, spans: Sequence[LightSpan], others: "Bounds | None" = None) -> "Bounds":
        """Return the bounds of spans, together with those of others."""
        starts = [span.started_at for span in spans]
        ends = [span.ended_at for span in spans if span.ended_at is not None]
        if others is not None:
            starts += [others.first, others.last, others.started_at]
            ends += [] if others.ended_at is None else [others.ended_at]
        first = min(starts)
        started_at = first if first >= EARLIEST_TRACED else first_traced(starts)
        return cls(first, max(starts), started_at, max(ends, default=None))

    def after_change(self, before: LightSpan, now: LightSpan) -> "Bounds | None":
        """Return the bounds after a span has changed; None if one of them was its own and may be another span's now."""
        if before.started_at == now.started_at:
            return self._after_end(before.ended_at, now.ended_at)
        after = Bounds.of((now,), self)
        is_another = (
            (before.started_at == self.first and now.started_at != after.first)
            or (before.started_at == self.started_at and now.started_at != after.started_at)
            or (before.ended_at == self.ended_at and now.ended_at != after.ended_at)
        )
        return None if is_another else after

    def _after_end(self, before: int | None, now: int | None) -> "Bounds | None":
        if now is not None and (self.ended_at is None or now >= self.ended_at):
            return self._replace(ended_at=now)
        return self if before is None or before != self.ended_at else None
