"""Rate limits per client: a steady rate, with bursts of a few seconds' worth.

The generic cell rate algorithm (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm) keeps one time per client:
when its requests, spread evenly, would be finished.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from starlette.exceptions import HTTPException

_BURST = 5.0
"""Seconds' worth of requests that may come at once."""

_MOST_CLIENTS = 10_000
"""How many clients to remember, the most recent ones."""


class TooOften(HTTPException):
    """A client exceeded its rate limit."""


class Rates:
    """Allows each client `rate` requests a second; any number if that is 0. The clock is in seconds."""

    def __init__(self, rate: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._over = OrderedDict[str, float]()

    @property
    def are_limited(self) -> bool:
        """Whether there is a limit."""
        return self._rate > 0

    def take(self, client: str) -> None:
        """Count a request. Raises `TooOften` with the seconds to wait."""
        if not self._rate:
            return
        now = self._clock()
        over = max(self._over.pop(client, now), now) + 1 / self._rate
        early = over - now - max(_BURST, 1 / self._rate)
        self._over[client] = over if early <= 0 else over - 1 / self._rate
        if len(self._over) > _MOST_CLIENTS:
            self._over.popitem(last=False)
        if early > 0:
            detail = f"Rate limit of {self._rate:g} requests per second exceeded; slow down."
            raise TooOften(429, detail, {"retry-after": str(ceil(early))})
