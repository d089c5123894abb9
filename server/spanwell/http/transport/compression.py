"""Compresses answers for clients that take it, and costs the others nothing."""

from collections.abc import Iterable

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_WORTH_PACKING = 4 * 1024
"""Bytes of an answer from which on it is compressed: below, its journey takes longer than its size."""


class Compression:
    """Starlette's gzip, left out where a client does not ask for it and no cache has to know that others may.

    Answers under `uncached_paths` are never kept, so they need no `Vary`.
    """

    def __init__(self, app: ASGIApp, uncached_paths: Iterable[str] = ()) -> None:
        self._app = app
        self._uncached_paths = frozenset(uncached_paths)
        self._packed = GZipMiddleware(app, minimum_size=_WORTH_PACKING, compresslevel=4, thread_minimum_size=32 * 1024)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        plain = scope["type"] != "http" or (scope["path"] in self._uncached_paths and not _takes_gzip(scope))
        await (self._app if plain else self._packed)(scope, receive, send)


def _takes_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value.lower() for name, value in scope["headers"])
