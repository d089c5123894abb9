"""The outermost layer: request ids, common headers, the access log, metrics, and an answer to any failure."""

import logging
import time
from collections.abc import Awaitable, Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spanwell.http.metrics.meter import Meter
from spanwell.http.transport.request_ids import HEADER, id_of, request_id
from spanwell.http.transport.responses import failure_response, media_type_for

_log = logging.getLogger("spanwell.requests")

_FAILED = 500  # reading a member of `HTTPStatus` takes a call
_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""Headers for browsers on every answer that does not set its own, as pages do."""


class Outside:
    """Wraps an application. Uncaught errors before the answer starts are logged, and answered with 500.

    Requests are counted by their path, if it is one of `paths`; all others count as one.
    """

    def __init__(self, app: ASGIApp, meter: Meter | None = None, paths: Iterable[str] = ()) -> None:
        self._app = app
        self._meter = meter or Meter()
        self._paths = frozenset(paths)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass a request on."""
        if scope["type"] == "http":
            return self._answer(scope, receive, send)
        return (self._app if scope["type"] == "lifespan" else self._name)(scope, receive, send)

    async def _name(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give a WebSocket an id."""
        reset = request_id.set(id_of(scope))
        try:
            await self._app(scope, receive, send)
        finally:
            request_id.reset(reset)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.monotonic(), 0
        named = id_of(scope)
        reset = request_id.set(named)
        self._meter.in_flight += 1

        def complete(message: Message) -> Awaitable[None]:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _completed(message["headers"], named)
            return send(message)

        try:
            await self._app(scope, receive, complete)
        except Exception:
            _log.exception("A request failed.")
            if status:
                raise
            await failure_response(Exception(), media_type_for(scope["headers"]))(scope, receive, complete)
        finally:
            self._note(scope, status, time.monotonic() - began)
            request_id.reset(reset)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """Count and log a request."""
        self._meter.in_flight -= 1
        path = scope["path"]
        self._meter.count(path if path in self._paths else "other", scope["method"], status, seconds)
        level = logging.INFO if status >= _FAILED else logging.DEBUG
        if _log.isEnabledFor(level):
            fields = {"method": scope["method"], "path": path, "status": status, "seconds": round(seconds, 4)}
            _log.log(level, "Request completed.", extra={"fields": fields})


def _completed(headers: list[tuple[bytes, bytes]], named: str) -> list[tuple[bytes, bytes]]:
    stated = {name for name, _ in headers}
    added = [header for header in _SECURITY if header[0] not in stated]
    return [*headers, *added, (HEADER, named.encode())]
