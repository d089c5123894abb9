"""Wakes subscribers after a commit; what was committed they read from the store."""

import asyncio


class Commits:
    """Counts the commits of a store and wakes those who wait for the next one; all in one event loop."""

    def __init__(self) -> None:
        self.count = 0
        self._next = asyncio.Event()

    def announce(self) -> None:
        """Wake the subscribers; call it only after the commit."""
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()

    async def after(self, count: int) -> None:
        """Wait until there have been more commits than some count."""
        while self.count == count:
            await self._next.wait()
