"""The newest changes of one list: read once, for all who follow it."""

import asyncio
from bisect import bisect_right
from collections import deque
from collections.abc import Awaitable, Callable
from itertools import islice
from typing import Generic, TypeAlias, TypeVar

from spanwell.observability.questions.ordering import Order, Position, position
from spanwell.observability.questions.queries import Page

R = TypeVar("R")

Reader: TypeAlias = Callable[[Position, int | None], Awaitable[tuple[Page[R], int | None]]]
"""Returns the page after a place, and the count of commits of which all is then known, if it is.

Given such a count, it waits for another commit.
"""

_KEPT = 200
"""How many changes are kept for those who come for them a moment later."""


class Recent(Generic[R]):
    """The changes after `start`, as far as they have been read; the oldest are let go, and `start` moves on.

    It begins where there was nothing more when `known` commits had been counted.
    """

    def __init__(self, read: Reader[R], order: Order, start: Position, known: int) -> None:
        self.start = start
        self._end = start
        self._known: int | None = known
        self._read = read
        self._order = order
        self._places: deque[Position] = deque()
        self._records: deque[R] = deque()
        self._reading: asyncio.Task[None] | None = None

    async def after(self, place: Position) -> list[R]:
        """Return the changes after a place, once there are any; none where some have been let go.

        Raises what reading raises.
        """
        while place >= self.start:
            index = bisect_right(self._places, place)
            if index < len(self._places):
                return list(islice(self._records, index, None))
            if self._reading is None or self._reading.done():
                self._reading = asyncio.ensure_future(self._read_on())
            await asyncio.shield(self._reading)
        return []

    def close(self) -> None:
        """Read no more."""
        if self._reading is not None:
            self._reading.cancel()

    async def _read_on(self) -> None:
        page, self._known = await self._read(self._end, self._known)
        for record in page.nodes:
            self._end = position(record, self._order)
            self._places.append(self._end)
            self._records.append(record)
        while len(self._places) > _KEPT:
            self.start = self._places.popleft()
            self._records.popleft()
