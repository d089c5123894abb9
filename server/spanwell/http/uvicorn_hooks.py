"""uvicorn's server and protocols with small send buffers, so that slow clients cost little memory.

All overrides of uvicorn's internals stand here. An endpoint finds `abort` and `keep_little` in the state of its
request: see `spanwell.http.streams.channels`.
"""

import socket
from asyncio import Transport
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from .streams.channels import Streams

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


class Server(uvicorn.Server):
    """uvicorn, but told to stop it stops: it does not raise the signal again, which would end with code -15.

    It takes leave of those who follow something, for whose connections uvicorn would wait as long as it has patience.
    """

    def __init__(self, config: uvicorn.Config, streams: Streams | None = None) -> None:
        super().__init__(config)
        self._streams = streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        if self._streams is not None:
            await self._streams.end()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals to `_obey_signals`."""
        yield


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
