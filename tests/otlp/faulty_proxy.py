"""A proxy between exporters and the server that fails on purpose, the same way for the same seed.

A request is refused with 429 or 503, its connection is cut before or after it was passed on, or its answer is kept back
until the client gives up. After a cut or a kept answer the spans are stored, but the client does not know.
"""

import asyncio
from collections import Counter
from random import Random

_FAULTS = ("429", "503", "cut before", "cut after", "kept back")
_REFUSAL = (
    b"HTTP/1.1 %s Refused\r\nretry-after: %d\r\ncontent-type: application/json\r\ncontent-length: 2\r\n"
    b"connection: close\r\n\r\n{}"
)


class FaultyProxy:
    """Passes requests on to a port of this machine, one a connection, but for the `share` of them that fails."""

    def __init__(self, port: int, seed: int, share: float = 0.3, patience: float = 2.0) -> None:
        self.seen: Counter[str] = Counter()
        self._port = port
        self._random = Random(seed)
        self._share = share
        self._patience = patience
        self._serving: set[asyncio.Task[None] | None] = set()  # asyncio itself holds the tasks of streams weakly

    async def start(self) -> asyncio.Server:
        """Listen on a free port."""
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._serving.add(task)
        try:
            await self._answer(await _read_message(reader), writer)
        except (OSError, asyncio.IncompleteReadError):
            self.seen["the client went away"] += 1
        finally:
            self._serving.discard(task)
            writer.close()

    async def _answer(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        fault = self._random.choice(_FAULTS) if self._random.random() < self._share else "passed on"
        self.seen[fault] += 1
        match fault:
            case "429" | "503":
                writer.write(_REFUSAL % (fault.encode(), self._random.choice((0, 1))))
                await writer.drain()
            case "passed on":
                writer.write(await self._passed_on(request))
                await writer.drain()
            case "cut before":
                writer.transport.abort()
            case _:
                await self._passed_on(request)
                await asyncio.sleep(self._patience if fault == "kept back" else 0)
                writer.transport.abort()

    async def _passed_on(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(request)
        answer = await _read_message(reader)
        writer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        return head + b"\r\nconnection: close\r\n\r\n" + body


async def _read_message(reader: asyncio.StreamReader) -> bytes:
    """Return a request or an answer as it came, whose body is of a stated length or in chunks."""
    head = await reader.readuntil(b"\r\n\r\n")
    fields = {name: value for name, _, value in (line.partition(b":") for line in head.lower().split(b"\r\n"))}
    if b"chunked" in fields.get(b"transfer-encoding", b""):
        return head + await _read_chunks(reader)
    return head + await reader.readexactly(int(fields.get(b"content-length", b"0")))


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body, size = b"", -1
    while size:
        line = await reader.readuntil(b"\r\n")
        size = int(line, 16)
        body += line + await reader.readexactly(size + 2)
    return body
