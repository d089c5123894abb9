"""Compresses answers for clients that accept it, at no cost for others."""

import sys
from collections.abc import Awaitable, Iterable
from functools import partial

import anyio.to_thread
from starlette.middleware.gzip import GZipMiddleware, IdentityResponder
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from .responses import accepted

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_WORTH_PACKING = 4 * 1024
"""The least bytes of an answer to compress: below, latency outweighs size."""

_WORTH_A_THREAD = 32 * 1024
_LEVEL = 1
"""On JSON, zstd level 1 gives smaller output than gzip level 4, in a sixth of the time (measured)."""


class Compression:
    """Zstandard or gzip; bypassed if the client does not accept either and no cache needs a `Vary` header.

    Answers under `uncached_paths` are never cached, so they need no `Vary`.
    """

    def __init__(self, app: ASGIApp, uncached_paths: Iterable[str] = ()) -> None:
        self._app = app
        self._uncached_paths = frozenset(uncached_paths)
        self._gzip = GZipMiddleware(app, _WORTH_PACKING, compresslevel=4, thread_minimum_size=_WORTH_A_THREAD)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass a request on."""
        taken = accepted(scope["headers"], b"accept-encoding") if scope["type"] == "http" else frozenset[str]()
        if "zstd" in taken:
            return _Zstd(self._app, _WORTH_PACKING)(scope, receive, send)
        if "gzip" in taken or (scope["type"] == "http" and scope["path"] not in self._uncached_paths):
            return self._gzip(scope, receive, send)
        return self._app(scope, receive, send)


class _Zstd(IdentityResponder):
    content_encoding = "zstd"

    def __init__(self, app: ASGIApp, minimum_size: int) -> None:
        super().__init__(app, minimum_size)
        self._compressor: zstd.ZstdCompressor | None = None

    @override
    async def apply_compression(self, body: bytes, *, more_body: bool) -> bytes:
        """Compress a piece, a large one in a thread."""
        if len(body) >= _WORTH_A_THREAD:
            return await anyio.to_thread.run_sync(partial(self._compressed, body, more_body=more_body))
        return self._compressed(body, more_body=more_body)

    def _compressed(self, body: bytes, *, more_body: bool) -> bytes:
        if self._compressor is None:
            self._compressor = zstd.ZstdCompressor(_LEVEL)
        if more_body:
            return self._compressor.compress(body, zstd.ZstdCompressor.FLUSH_BLOCK)
        return self._compressor.compress(body, zstd.ZstdCompressor.FLUSH_FRAME)
