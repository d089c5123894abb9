"""Refuses requests for other host names, so that a page whose name is rebound to this address reads nothing."""

from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from .responses import failure_response

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def host_name(header: str) -> str:
    """Return the name or address of a Host header, without port and brackets, in lower case."""
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()


class HostGuard:
    """Lets requests through that carry exactly one Host header with an allowed name, any port; `*` allows all."""

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        self._app = app
        self._allowed = frozenset(name.lower() for name in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan" or self._allows(Headers(scope=scope).getlist("host")):
            await self._app(scope, receive, send)
            return
        response = failure_response(HTTPException(400, "This server is not known by that host name."))
        await response(scope, receive, send)

    def _allows(self, hosts: list[str]) -> bool:
        return len(hosts) == 1 and ("*" in self._allowed or host_name(hosts[0]) in self._allowed)
