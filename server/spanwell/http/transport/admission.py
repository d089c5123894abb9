"""Refuses requests at once when too many are in progress, or their bodies hold too much memory."""

from collections.abc import Awaitable

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .hosts import PROBES
from .responses import RETRY_AFTER, failure_response

_FULL = "The server holds too many bytes of request bodies; try again in a moment."
_BUSY = "The server is busy; try again in a moment."

_BODY = frozenset({b"content-length", b"transfer-encoding"})
"""The headers of requests with a body."""
_SMALL = 64 * 1024
"""Bytes of a body that do not count, so that queries are answered while other clients send slowly."""


class Admission:
    """Limits the requests in progress, counted from the end of the body to the head of the answer.

    So event streams do not count once they have started, nor do clients that send slowly. Probes always pass, since a
    busy server is alive. The bodies of all requests together hold at most `most_bytes`; code that reads a body calls
    `hold` in the request's state for each piece.
    """

    def __init__(self, app: ASGIApp, most: int, most_bytes: int) -> None:
        self._app = app
        self._most = most
        self._inside = 0
        self._free_bytes = most_bytes

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            return self._app(scope, receive, send)
        if self._inside >= self._most:
            return failure_response(HTTPException(503, _BUSY))(scope, receive, send)
        return self._pass(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        inside = False
        read = held = 0

        def hold(size: int) -> None:
            nonlocal read, held
            read += size
            more = max(0, read - _SMALL) - held
            if more > self._free_bytes:
                raise HTTPException(503, _FULL, {**RETRY_AFTER, "connection": "close"})
            self._free_bytes -= more
            held += more

        def enter() -> None:
            nonlocal inside
            if self._inside >= self._most:
                raise HTTPException(503, _BUSY, RETRY_AFTER)
            self._inside += 1
            inside = True

        def leave() -> None:
            nonlocal inside
            self._inside -= inside
            inside = False

        def answer(message: Message) -> Awaitable[None]:
            leave()
            return send(message)

        async def body() -> Message:
            message = await receive()
            if not inside and message["type"] == "http.request" and not message.get("more_body"):
                enter()
            return message

        scope.setdefault("state", {})["hold"] = hold
        # Nothing reads the body of another method, so waiting for its end would never count the request.
        has_body = scope["method"] == "POST" and not _BODY.isdisjoint([name for name, _ in scope["headers"]])
        if not has_body:
            enter()
        try:
            await self._app(scope, body if has_body else receive, answer)
        finally:
            leave()
            self._free_bytes += held
