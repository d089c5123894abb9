"""How often each client may ask: at a steady rate, with a few seconds' worth of it at once.

The generic cell rate algorithm (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm) keeps one moment a client:
when its requests, spread evenly, would be over.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from starlette.exceptions import HTTPException

_BURST = 5.0
"""Seconds' worth of requests that may come at once."""

_MOST_CLIENTS = 10_000
"""Those that were seen last are remembered."""


class TooOften(HTTPException):
    """A client asked more often than it may."""


class Rates:
    """Takes `rate` requests a second of each client; any number if that is 0. The clock is in seconds."""

    def __init__(self, rate: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._over = OrderedDict[str, float]()

    def take(self, client: str) -> None:
        """Count a request. Raises `TooOften`, which says how many seconds to wait."""
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
