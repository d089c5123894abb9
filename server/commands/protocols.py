"""uvicorn's connections, which can also be ended without waiting for a client that takes nothing any more.

An endpoint finds `abort` in the state of its request: see `server.http.streams`.
"""

import socket
from asyncio import BaseTransport

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

LARGEST_MESSAGE = 1024 * 1024
"""Bytes of a message over WebSocket; larger writes come over HTTP."""

_UNSENT = 128 * 1024
"""Bytes that the system keeps for a client: by itself it would keep megabytes for each that reads nothing."""

_WAITING = 16 * 1024
"""Bytes that may wait for the system to take them before sending pauses."""

_LINGER = 2.0
"""Seconds for a client to take the last words, and to close as well."""


class HttpConnection(HttpToolsProtocol):
    """A connection that speaks HTTP."""

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.scope.setdefault("state", {})["abort"] = self.transport.abort


class WebSocketConnection(WebSocketsSansIOProtocol):
    """A connection that became a WebSocket."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin."""
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNSENT)
        self.transport.set_write_buffer_limits(_WAITING)

    async def run_asgi(self) -> None:
        """Answer it; what is then still on its way is dropped after a moment."""
        self.scope.setdefault("state", {})["abort"] = self.transport.abort
        await super().run_asgi()
        self.loop.call_later(_LINGER, self.transport.abort)
