"""Lets many tasks that wake at the same time continue a few at a time, so that others run in between."""

import asyncio
from collections import deque

_REST = 0.001
"""Seconds between two rounds. A loop that is never idle keeps the interpreter lock from threads that read the store."""


class Turns:
    """Grants turns in the order of the calls, `at_once` per round."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def mine(self) -> None:
        """Wait until it is the caller's turn."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting.append(turn)
        if len(self._waiting) == 1:
            loop.call_soon(self._give, loop)
        await turn

    def _give(self, loop: asyncio.AbstractEventLoop) -> None:
        for _ in range(min(self._at_once, len(self._waiting))):
            turn = self._waiting.popleft()
            if not turn.done():  # a waiting task may have been cancelled
                turn.set_result(None)
        if self._waiting:
            loop.call_later(_REST, self._give, loop)
