"""Reads request bodies, compressed or not, within limits of size and time."""

import asyncio
import sys
import zlib
from collections.abc import Callable

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message
from typing_extensions import override

from spanwell.observability.time_limits import TimeLimit

from .raw_headers import RawHeaders, stated

PATIENCE = 15.0
"""Seconds that a body may take, plus one for every `_BYTES_A_SECOND` received; and seconds without any data."""

_BYTES_A_SECOND = 64 * 1024
_CLOSE = {"connection": "close"}
_GZIP = 31


async def read_body(request: Request, largest: int, patience: float | None = None) -> bytes:
    """Return the whole body, decompressed. Raises `HTTPException` 400, 408, 413, 415, or 503: see `Admission`."""
    decoder = _decoder(request.scope["headers"], largest)
    hold: Callable[[int], None] = request.scope.get("state", {}).get("hold", _take_it)
    patience = PATIENCE if patience is None else patience
    deadline = asyncio.get_running_loop().time() + patience
    while (message := await _receive(request, deadline, patience))["type"] == "http.request":
        chunk = message.get("body", b"")
        is_slow = len(chunk) >= decoder.worth_a_thread
        hold(await to_thread.run_sync(decoder.add, chunk) if is_slow else decoder.add(chunk))
        deadline += len(chunk) / _BYTES_A_SECOND
        if not message.get("more_body", False):
            return decoder.finish()
    raise HTTPException(400, "The request body ended early.", _CLOSE)


def _decoder(headers: RawHeaders, largest: int) -> "_Plain":
    encoding = stated(headers, b"content-encoding", b"identity").strip().lower()
    if encoding not in (b"identity", b"gzip"):
        raise HTTPException(415, "The only supported Content-Encoding is gzip.", _CLOSE)
    length = stated(headers, b"content-length", b"0")
    if not length.isdigit() or int(length) > largest:
        raise _too_large(largest)
    return _Gzip(largest) if encoding == b"gzip" else _Plain(largest)


async def _receive(request: Request, deadline: float, patience: float) -> Message:
    if request.scope.get("state", {}).get("is_whole"):  # the body has come, so that it is not waited for
        return await request.receive()
    try:
        with TimeLimit(min(deadline - asyncio.get_running_loop().time(), patience)):
            return await request.receive()
    except TimeoutError:
        raise HTTPException(408, "The request body arrived too slowly.", _CLOSE) from None


def _take_it(_: int) -> None:
    pass


class _Plain:
    worth_a_thread = sys.maxsize
    """Bytes of a piece that take long to add."""

    def __init__(self, largest: int) -> None:
        self._chunks: list[bytes] = []
        self._room = largest
        self._largest = largest

    def add(self, chunk: bytes) -> int:
        """Add a piece; return its decompressed size in bytes."""
        self._chunks.append(chunk)
        self._room -= len(chunk)
        if self._room < 0:
            raise _too_large(self._largest)
        return len(chunk)

    def finish(self) -> bytes:
        return b"".join(self._chunks)


class _Gzip(_Plain):
    """Decompresses up to the size limit, which stops decompression bombs."""

    worth_a_thread = 8 * 1024  # it may become a thousand times as many

    def __init__(self, largest: int) -> None:
        super().__init__(largest)
        self._member = zlib.decompressobj(_GZIP)

    @override
    def add(self, chunk: bytes) -> int:
        fed = 0
        try:
            while chunk:
                if self._member.eof:  # a gzip stream may have several members
                    self._member = zlib.decompressobj(_GZIP)
                fed += super().add(self._member.decompress(chunk, self._room + 1))
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
