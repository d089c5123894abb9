"""Takes the client's address from a trusted proxy's `X-Forwarded-*` headers, and serves below its path."""

from collections.abc import Sequence
from typing import Any, cast

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware


class BehindProxies:
    """Answers with and without the `root_path`, since some proxies strip it and others do not.

    `X-Forwarded-For`, `-Proto` and `-Host` count only if they come from `trusted` addresses and networks.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str] = (), root_path: str = "") -> None:
        self._app = app
        self._root_path = root_path.rstrip("/")
        self._inner = _reading_forwarded(app, trusted) if trusted else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "lifespan" and self._root_path and f"{scope['path']}/".startswith(f"{self._root_path}/"):
            scope["root_path"] = self._root_path
            if scope["path"] == self._root_path:
                scope["path"] += "/"
        if self._inner is None or scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        host = Headers(scope=scope).get("x-forwarded-host")
        if host and client and client[0] in self._inner.trusted_hosts:
            MutableHeaders(scope=scope)["host"] = host.rpartition(",")[2].strip()
        await self._inner(scope, receive, send)


def _reading_forwarded(app: ASGIApp, trusted: Sequence[str]) -> Any:
    return ProxyHeadersMiddleware(cast("Any", app), trusted_hosts=[*trusted])  # uvicorn's and Starlette's names differ
