"""Sends the head of a response along with the start of its body: two writes are two system calls and two packets."""

import asyncio

_BEGIN = b"HTTP/"
_WORTH_JOINING = 64 * 1024
"""The most bytes of a body that are copied behind the head."""


class JoinedWrites:
    """A transport that keeps the head of a response for the next write, at most until the next turn of the loop."""

    __slots__ = ("_head", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""

    def write(self, data: bytes) -> None:
        """Write data, together with the head if that is kept."""
        if data.startswith(_BEGIN) and not self._head:
            self._head = data
            self._loop.call_soon(self.flush)
            return
        if self._head and len(data) <= _WORTH_JOINING:
            data, self._head = self._head + data, b""
        self.flush()
        self._transport.write(data)

    def flush(self) -> None:
        """Write the head if it is kept."""
        if self._head and not self._transport.is_closing():
            self._transport.write(self._head)
        self._head = b""

    def is_closing(self) -> bool:
        """Return whether the connection is closed, or is about to be."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Close the connection once everything is sent."""
        self.flush()
        self._transport.close()
