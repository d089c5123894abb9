"""When traces begin: spread over a day, busy in the afternoon and quiet at night."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from math import cos, pi

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.times import SECOND

from .dice import Dice

HOUR = 3600 * SECOND
DAY = 24 * HOUR
_SLICES = 288
_SLICE = DAY // _SLICES
_BUSIEST = 14 * HOUR


def _load(moment: int) -> float:
    """Return how busy a moment is: from 0.15 at two in the night to 1 at two in the afternoon, UTC."""
    daylight: float = (0.5 + 0.5 * cos(2 * pi * (moment - _BUSIEST) / DAY)) ** 1.5
    return 0.15 + 0.85 * daylight


def moments(count: int, now: Nanos, dice: Dice) -> Iterator[Nanos]:
    """Yield some moments of the 24 hours before `now`, the earliest first; their density follows the day."""
    start = now - DAY
    reached = list(accumulate((_load(start + i * _SLICE) for i in range(_SLICES)), initial=0.0))
    for index in range(count):
        share = (index + dice.random()) / count * reached[-1]
        at = min(bisect_right(reached, share), _SLICES) - 1
        within = (share - reached[at]) / (reached[at + 1] - reached[at])
        yield Nanos(min(start + at * _SLICE + int(within * _SLICE), now - 1))
