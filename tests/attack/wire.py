"""A client that costs little, for the lanes that send much."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import quantiles


def request(url: str, query: str, variables: object = None) -> bytes:
    """Return a request as it goes over the wire."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    head = f"POST /graphql HTTP/1.1\r\nHost: {url.partition('//')[2]}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_good(self) -> bool:
        """Whether all that was asked for was done."""
        return self.status == 200 and b'"errors"' not in self.body[:20]


class Line:
    """A connection that is kept; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    @property
    def is_open(self) -> bool:
        """Whether the server has not closed the connection, as it does after some seconds without a request."""
        return not (self._reader.at_eof() or self.writer.is_closing())

    async def ask(self, sent: bytes) -> Answer:
        self.writer.write(sent)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        body = await self._reader.readexactly(int(headers["content-length"]))
        return Answer(int(head[0].split()[1]), headers, body)


@asynccontextmanager
async def line(url: str) -> AsyncGenerator[Line]:
    host, _, port = url.partition("//")[2].partition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 26)
    try:
        yield Line(reader, writer)
    finally:
        writer.transport.abort()


def milliseconds(seconds: list[float]) -> str:
    """Return the median, the 99th percentile and the longest of some durations, in words."""
    if len(seconds) < 2:
        return f"{len(seconds)} only"
    cut = quantiles(seconds, n=100)
    return f"p50 {cut[49] * 1e3:,.0f} ms, p99 {cut[98] * 1e3:,.0f} ms, longest {max(seconds) * 1e3:,.0f} ms"
