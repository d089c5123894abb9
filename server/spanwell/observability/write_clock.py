"""Timestamps of writes: the clock's time, but strictly increasing.

`updatedAt` and `changedAt` are such timestamps, so their order is the order of writes, whatever the clock does; the
feed's cursors depend on that.
"""

from collections.abc import Callable

from spanwell.observability.model.columns import Nanos


class Ticks:
    """Gives every write its timestamp. `latest` is the last one that the store already has."""

    def __init__(self, clock: Callable[[], int], latest: int = 0) -> None:
        self._clock = clock
        self.latest = Nanos(latest)

    def next(self) -> Nanos:
        """Return the timestamp of the next write: now, or just after the last one if the clock has not advanced."""
        self.latest = Nanos(max(self._clock(), self.latest + 1))
        return self.latest
