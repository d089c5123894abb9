"""A request and its response on a connection: uvicorn's, with a short way for the head of an ordinary response."""

from functools import lru_cache
from typing import Any

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE, RequestResponseCycle

_OF_CONNECTIONS = frozenset({b"connection", b"transfer-encoding"})
_LENGTH = b"content-length"


class Exchange(RequestResponseCycle):
    """Writes the head of a response from lines that it has written before; nearly all headers are always the same."""

    @override
    async def send(self, message: Any) -> None:
        """Send a part of the response."""
        is_head = message["type"] == "http.response.start" and not (self.response_started or self.disconnected)
        if is_head and self.keep_alive and not self.flow.write_paused:
            headers = [*self.default_headers, *message["headers"]]
            named = dict(headers)
            if _LENGTH in named and _OF_CONNECTIONS.isdisjoint(named):
                self._begin(message["status"], headers, int(named[_LENGTH]))
                return
        await super().send(message)

    def _begin(self, status: int, headers: list[tuple[bytes, bytes]], length: int) -> None:
        """Write the head of a response of known length, after which the connection stays open."""
        head = b"".join([STATUS_LINE[status], *map(_line, headers), b"\r\n"])
        self.response_started, self.waiting_for_100_continue = True, False
        self.expected_content_length, self.chunked_encoding = length, False
        self.transport.write(head)


@lru_cache(maxsize=256)
def _line(header: tuple[bytes, bytes]) -> bytes:
    """Return the line of a header. Raises `RuntimeError` if it would be more than that."""
    name, value = header
    if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
        raise RuntimeError("A header is not valid.")
    return b"%b: %b\r\n" % (name.lower(), value)
