"""uvicorn's connections, of which little is kept for a client that takes nothing, and which end without waiting for it.

An endpoint finds `abort` and `keep_little` in the state of its request: see `spanwell.http.streams.channels`.
"""

import socket
from asyncio import Transport
from typing import Any

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


def _offer(scope: Any, transport: Transport) -> None:
    def keep_little() -> None:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNSENT)
        transport.set_write_buffer_limits(_WAITING)

    scope.setdefault("state", {}).update(abort=transport.abort, keep_little=keep_little)


class HttpConnection(HttpToolsProtocol):
    """A connection that speaks HTTP."""

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        _offer(self.scope, self.transport)


class WebSocketConnection(WebSocketsSansIOProtocol):
    """A connection that became a WebSocket."""

    async def run_asgi(self) -> None:
        """Answer it; what is then still on its way is dropped after a moment."""
        _offer(self.scope, self.transport)
        await super().run_asgi()
        self.loop.call_later(_LINGER, self.transport.abort)
