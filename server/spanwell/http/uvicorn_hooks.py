"""uvicorn's server and protocols with small send buffers, so that slow clients cost little memory.

All overrides of uvicorn's internals are in this module. It puts `abort` and `keep_little` into the state of each
request: see `spanwell.http.streams.channels`.
"""

import asyncio
import socket
from asyncio import Transport
from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, cast

import uvicorn
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from .exchange import Exchange
from .joined_writes import JoinedWrites
from .stopping import Stopping
from .streams.channels import Streams
from .transport.responses import failure_response

LARGEST_MESSAGE = 1024 * 1024
"""The most bytes of a WebSocket message; larger writes go over HTTP."""

_UNSENT = 128 * 1024
"""Bytes of the system's send buffer per client: by default it keeps megabytes for a client that does not read."""

_WAITING = 16 * 1024
"""Bytes that may wait for the system's buffer before sending pauses."""

LARGEST_HEAD = 64 * 1024
"""The most bytes of a request's head."""

_HEAD = 10.0
"""Seconds that the head of a request may take, counted from the connection or the previous answer."""

_TAKING = 20.0
"""Seconds within which a client must read some of what is sent."""

_LINGER = 2.0
"""Seconds for a client to read the last messages and to close."""


_ACCEPTING = 32
"""Connections accepted per turn of the event loop: libuv accepts one per turn for each listening socket.

A turn of a busy loop takes long, and a client that is not accepted cannot even be refused.
"""

_GRACE = 6.0
"""Seconds that a stopping server gives to requests in progress; including the checkpoint it ends within ten."""

_LAST = 2
"""Seconds for clients to read the last answers."""


def server_config(app: ASGIApp) -> uvicorn.Config:
    """Return uvicorn's configuration for an application; uvicorn does not log requests."""
    return uvicorn.Config(
        app,
        http=HttpConnection,
        ws=WebSocketConnection,
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,  # a small frame that unpacks to a huge one
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `BehindProxies` reads them, from those that are trusted
        timeout_graceful_shutdown=_LAST,
    )


def _offer(scope: Any, transport: Transport) -> None:
    def keep_little() -> None:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNSENT)
        transport.set_write_buffer_limits(_WAITING)

    scope.setdefault("state", {}).update(abort=transport.abort, keep_little=keep_little)


class Server(uvicorn.Server):
    """uvicorn's server, except that it does not re-raise a signal after stopping, which would exit with code -15.

    It also ends subscriptions, whose connections uvicorn would otherwise wait for until its timeout.
    """

    def __init__(self, config: uvicorn.Config, streams: Streams | None = None) -> None:
        self._stopping = config.app = Stopping(cast("ASGIApp", config.app))  # see `server_config`
        super().__init__(config)
        self._streams = streams

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve on the sockets, each listened on several times."""
        each = [one for given in sockets or () for one in (given, *(given.dup() for _ in range(_ACCEPTING - 1)))]
        await super().serve(each or None)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: refuse new requests while others finish, and only then close the sockets."""
        if self._streams is not None:
            await self._streams.end()
        await self._stopping.drain(_GRACE, lambda: self.force_exit)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals to `_obey_signals`."""
        yield


class HttpConnection(HttpToolsProtocol):
    """An HTTP connection, with limits on the time and size of heads, and on the time that clients take to read.

    When its client disconnects, it calls `leave` in the state of the current request.
    """

    _late: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _head = 0
    _piece = 0
    _is_begun = False  # the request, within the piece that is read now
    url = b""

    def connection_made(self, transport: Any) -> None:
        """Start waiting for a head."""
        super().connection_made(transport)
        self._joined = JoinedWrites(transport, self.loop)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the timers for the client, and the work for it."""
        super().connection_lost(exc)
        self._have_head()
        if self._stalled is not None:
            self._stalled.cancel()
        if (cycle := self._under_way()) is not None:
            cycle.scope["state"].get("leave", _nothing)()

    def data_received(self, data: bytes) -> None:
        """Continue reading; a head that is not complete at once must be so in time."""
        self._piece, self._is_begun = len(data), False
        self._head += len(data) if self._late is not None else 0
        super().data_received(data)
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            self._have_head()
        elif self._late is None and self._under_way() is None:
            self._await_head()
            self._head = len(data)
        elif self._late is not None and self._head > LARGEST_HEAD:
            self.send_400_response("The request head is too large.")

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._is_begun = True
        _offer(self.scope, self.transport)

    def on_headers_complete(self) -> None:
        """Answer a request unless its head is too large."""
        self._have_head()
        self._head = 0
        if not self._is_begun or self._piece > LARGEST_HEAD:  # else it came in one piece, which is small enough
            self._head = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if self._head > LARGEST_HEAD:
            raise ValueError(
                "the request head is too large"
            )  # httptools wraps it in one of its own errors, which are answered below
        super().on_headers_complete()
        if (cycle := self._under_way()) is not None:
            cycle.__class__ = Exchange  # uvicorn names its own class; the application has not begun
            cycle.transport = self._joined

    def on_message_complete(self) -> None:
        """Note that the body has come."""
        super().on_message_complete()
        if (cycle := self._under_way()) is not None:
            cycle.scope["state"]["is_whole"] = True

    def send_400_response(self, msg: str) -> None:
        """Refuse invalid HTTP or an oversized head, and close the connection."""
        if self._head <= LARGEST_HEAD:
            self._refuse(400, msg)
        elif 2 * len(self.url) > self._head:
            self._refuse(414, f"The request URL is larger than {LARGEST_HEAD:,} bytes.")
        else:
            self._refuse(431, f"The request URL and headers are larger than {LARGEST_HEAD:,} bytes.")

    def pause_writing(self) -> None:
        """Wait while the client reads what was sent, as long as it makes progress."""
        super().pause_writing()
        self._watch_unsent(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Resume sending."""
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()

    def _under_way(self) -> Any:
        """Return the request in progress, if there is one."""
        cycle: Any = self.cycle  # uvicorn declares it as never None
        return None if cycle is None or cycle.response_complete else cycle

    def _watch_unsent(self, unsent: int) -> None:
        def look() -> None:
            now = self.transport.get_write_buffer_size()
            if now < unsent:
                self._watch_unsent(now)
            else:
                self.transport.abort()

        self._stalled = self.loop.call_later(_TAKING, look)

    def _await_head(self) -> None:
        self._head = 0
        self._late = self.loop.call_later(_HEAD, self._refuse, 408, "The request head arrived too slowly.")

    def _have_head(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, status: int, sentence: str) -> None:
        answer = failure_response(HTTPException(status, sentence))
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode(), b"connection: close"]
        lines += [name + b": " + value for name, value in answer.raw_headers]
        self._joined.write(b"\r\n".join([*lines, b"", bytes(answer.body)]))
        self._joined.close()


def _nothing() -> None:
    pass


class WebSocketConnection(WebSocketsSansIOProtocol):
    """A connection that became a WebSocket."""

    async def run_asgi(self) -> None:
        """Serve the connection; data that is undelivered at its end is dropped after a moment."""
        _offer(self.scope, self.transport)
        await super().run_asgi()
        self.loop.call_later(_LINGER, self.transport.abort)
