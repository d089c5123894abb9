"""The newest changes of one list, read once for all its followers."""

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
"""Returns the page after a position, and the number of commits that it fully covers, if it does.

If called with such a number, it waits for another commit.
"""

_KEPT = 200
"""How many changes are kept for followers that need them a moment later."""


class Recent(Generic[R]):
    """The changes after `start` that have been read; the oldest are dropped, and `start` moves on.

    It begins at the end of the list as of `known` commits.
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
        """Return the changes after a position, once there are any; none if some of them were dropped.

        Raises any error of reading.
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
        """Stop reading."""
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
