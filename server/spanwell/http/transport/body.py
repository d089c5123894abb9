"""Reads request bodies, compressed or not, within limits of size and time."""

import asyncio
import zlib
from collections.abc import Callable

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message
from typing_extensions import override

PATIENCE = 15.0
"""Seconds that a body may take, plus one for every `_BYTES_A_SECOND` received; and seconds without any data."""

_BYTES_A_SECOND = 64 * 1024
_CLOSE = {"connection": "close"}
_GZIP = 31
_WORTH_A_THREAD = 8 * 1024
"""Compressed bytes, which may become a thousand times as many."""


async def read_body(request: Request, largest: int, patience: float | None = None) -> bytes:
    """Return the whole body, decompressed. Raises `HTTPException` 400, 408, 413, 415, or 503: see `Admission`."""
    decoder = _decoder(request.headers, largest)
    hold: Callable[[int], None] = request.scope.get("state", {}).get("hold", _take_it)
    patience = PATIENCE if patience is None else patience
    deadline = asyncio.get_running_loop().time() + patience
    while (message := await _receive(request, deadline, patience))["type"] == "http.request":
        chunk = message.get("body", b"")
        hold(await decoder.feed(chunk))
        deadline += len(chunk) / _BYTES_A_SECOND
        if not message.get("more_body", False):
            return decoder.finish()
    raise HTTPException(400, "The request body ended early.", _CLOSE)


def _decoder(headers: Headers, largest: int) -> "_Plain":
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise HTTPException(415, "The only supported Content-Encoding is gzip.", _CLOSE)
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > largest:
        raise _too_large(largest)
    return _Gzip(largest) if encoding == "gzip" else _Plain(largest)


async def _receive(request: Request, deadline: float, patience: float) -> Message:
    try:
        async with asyncio.timeout_at(min(deadline, asyncio.get_running_loop().time() + patience)):
            return await request.receive()
    except TimeoutError:
        raise HTTPException(408, "The request body arrived too slowly.", _CLOSE) from None


def _take_it(_: int) -> None:
    pass


class _Plain:
    def __init__(self, largest: int) -> None:
        self._chunks: list[bytes] = []
        self._room = largest
        self._largest = largest

    async def feed(self, chunk: bytes) -> int:
        """Add a piece; return its decompressed size in bytes."""
        return self._add(chunk)

    def _add(self, chunk: bytes) -> int:
        self._chunks.append(chunk)
        self._room -= len(chunk)
        if self._room < 0:
            raise _too_large(self._largest)
        return len(chunk)

    def finish(self) -> bytes:
        return b"".join(self._chunks)


class _Gzip(_Plain):
    """Decompresses up to the size limit, which stops decompression bombs."""

    def __init__(self, largest: int) -> None:
        super().__init__(largest)
        self._member = zlib.decompressobj(_GZIP)

    @override
    async def feed(self, chunk: bytes) -> int:
        if len(chunk) < _WORTH_A_THREAD:
            return self._unpacked(chunk)
        return await to_thread.run_sync(self._unpacked, chunk)

    def _unpacked(self, chunk: bytes) -> int:
        fed = 0
        try:
            while chunk:
                if self._member.eof:  # a gzip stream may have several members
                    self._member = zlib.decompressobj(_GZIP)
                fed += self._add(self._member.decompress(chunk, self._room + 1))
                chunk = self._member.unused_data
        except zlib.error:
            raise HTTPException(400, "The body is not valid gzip.", _CLOSE) from None
        return fed

    @override
    def finish(self) -> bytes:
        if not self._member.eof:
            raise HTTPException(400, "The gzip body ends early.", _CLOSE)
        return super().finish()


def _too_large(largest: int) -> HTTPException:
    return HTTPException(413, f"The request body is larger than {largest:,} bytes.", _CLOSE)
