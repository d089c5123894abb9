"""Long-lived connections of subscribers: how many may be open, and how they end."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeAlias

End: TypeAlias = Callable[[], Awaitable[None]]
StillOpen: TypeAlias = Callable[[], bool]
"""Returns whether the token that opened a connection is still valid."""

PARTING = 1.0
"""Seconds that a client has to take the last messages of a server that is stopping."""


_LOOK = 2.0
"""Seconds between checks of a token."""


async def until_closed(still_open: StillOpen) -> None:
    """Wait until a connection may no longer stay open."""
    while still_open():  # noqa: ASYNC110 - the token is revoked by another process, in a file
        await asyncio.sleep(_LOOK)


class TooManyStreams(Exception):
    """The limit of open connections is reached."""


class Gone(Exception):
    """The client has disconnected, or was disconnected: nothing reaches it any more."""


class Streams:
    """The open connections of one server.

    A client that takes nothing for `stalled` seconds is disconnected. `pulse` is the interval in seconds between
    keep-alives on a stream of events, so that no proxy closes it as idle.
    """

    def __init__(self, most: int, stalled: float = 15.0, pulse: float = 12.0) -> None:
        self._most = most
        self.stalled = stalled
        self.pulse = pulse
        self._ends = dict[object, End]()

    @contextmanager
    def opened(self, end: End) -> Generator[None]:
        """Count a connection as open for as long as the block lasts. Raises `TooManyStreams`."""
        if len(self._ends) >= self._most:
            raise TooManyStreams(f"This server allows at most {self._most:,} open subscription connections.")
        key = object()
        self._ends[key] = end
        try:
            yield
        finally:
            del self._ends[key]

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._ends)

    async def end(self) -> None:
        """Say goodbye to all clients at once, because the server is stopping."""
        await asyncio.gather(*(end() for end in tuple(self._ends.values())))


class Line:
    """Sends to one client, and disconnects it if it stops reading, so that nothing is buffered for it.

    The server puts two functions that ASGI lacks into the state of the connection: `abort`, since any other close waits
    until everything is delivered, and `keep_little`, since systems buffer megabytes for clients that do not read.
    """

    def __init__(self, state: dict[str, Any] | None, patience: float) -> None:
        state = state or {}
        self._abort: Callable[[], None] = state.get("abort", lambda: None)
        state.get("keep_little", lambda: None)()
        self._patience = patience
        self.gone = False

    async def put(self, sending: Callable[[], Awaitable[None]], patience: float | None = None) -> None:
        """Send something. Raises `Gone`."""
        if self.gone:
            raise Gone
        try:
            async with asyncio.timeout(self._patience if patience is None else patience):
                await sending()
                await asyncio.sleep(0)  # a send that does not wait would starve other tasks
        except TimeoutError:
            self.cut()
            raise Gone from None
        except OSError:
            self.gone = True
            raise Gone from None

    def cut(self) -> None:
        """Close the connection now, dropping undelivered data."""
        self.gone = True
        self._abort()
