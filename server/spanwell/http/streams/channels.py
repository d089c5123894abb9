"""The connections that stay open while a client follows something: how many there may be, and how they end."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeAlias

End: TypeAlias = Callable[[], Awaitable[None]]
StillOpen: TypeAlias = Callable[[], bool]
"""Tells whether the token by which a connection was opened still counts."""

PARTING = 1.0
"""Seconds that a client has for the last words of a server that stops."""


_LOOK = 2.0
"""Seconds between two looks at a token."""


async def until_closed(still_open: StillOpen) -> None:
    """Wait until a connection may not stay open any longer."""
    while still_open():  # noqa: ASYNC110 - the token is revoked by another process, in a file
        await asyncio.sleep(_LOOK)


class TooManyStreams(Exception):
    """As many connections are open as may be."""


class Gone(Exception):
    """The client has left, or was cut off: nothing reaches it any more."""


class Streams:
    """The open connections of one server.

    A client that takes nothing for `stalled` seconds is cut off. `pulse` is how many seconds pass between two signs of
    life on a stream of events, so that no proxy ends it for its silence.
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
        """Take leave of every client, all at the same time, because the server stops."""
        await asyncio.gather(*(end() for end in tuple(self._ends.values())))


class Line:
    """Sends to one client, and cuts it off where it does not take what is sent: nothing is kept for it.

    The server that runs us leaves in the state of the connection what ASGI does not know: `abort`, since all other ends
    are polite, and wait until all is delivered; and `keep_little`, since systems take megabytes for who reads nothing.
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
                await asyncio.sleep(0)  # sending that need not wait would leave nobody else a turn
        except TimeoutError:
            self.cut()
            raise Gone from None
        except OSError:
            self.gone = True
            raise Gone from None

    def cut(self) -> None:
        """End the connection now, whatever is still to be delivered."""
        self.gone = True
        self._abort()
