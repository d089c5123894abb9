"""The moments at which a store writes: the clock's, but each later than the one before.

`updatedAt` and `changedAt` are such moments, so their order is the order of the writes, whatever the clock does; the
feed's cursors rest on that.
"""

from collections.abc import Callable

from spanwell.observability.model.columns import Nanos


class Ticks:
    """Gives every write its moment. `latest` is the last one that the store already holds."""

    def __init__(self, clock: Callable[[], int], latest: int = 0) -> None:
        self._clock = clock
        self.latest = Nanos(latest)

    def next(self) -> Nanos:
        """Return the moment of one more write: now, or just after the last one where the clock stands or went back."""
        self.latest = Nanos(max(self._clock(), self.latest + 1))
        return self.latest
