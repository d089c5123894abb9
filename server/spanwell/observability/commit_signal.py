"""Tells those who wait that something was committed. It says nothing of what: whoever hears it asks the store."""

import asyncio


class Commits:
    """Counts the commits of a store and wakes those who wait for the next one; all in one event loop."""

    def __init__(self) -> None:
        self.count = 0
        self._next = asyncio.Event()

    def announce(self) -> None:
        """Say that a write is committed; never before it is."""
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()

    async def after(self, count: int) -> None:
        """Wait until there have been more commits than some count."""
        while self.count == count:
            await self._next.wait()
