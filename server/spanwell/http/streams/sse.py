"""Answers as server-sent events, in the `distinct connections mode` of https://github.com/enisdenjo/graphql-sse."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from spanwell.graphql.execution.failures import Refused
from spanwell.graphql.execution.prepared import Answer
from spanwell.http.transport.responses import failure_response

from .channels import PARTING, Gone, Line, StillOpen, Streams, TooManyStreams, until_closed

EVENTS = "text/event-stream"

_COMPLETE = b"event: complete\ndata:\n\n"
_COMMENT = b":\n\n"
_HEADERS = {
    "cache-control": "no-store",
    "x-accel-buffering": "no",  # nginx would collect events
    "x-content-type-options": "nosniff",
}


class EventStream(Response):
    """Sends answers as they come, until the last; if the client disconnects, the answers are cancelled at once."""

    def __init__(self, answers: AsyncGenerator[Answer], streams: Streams, still_open: StillOpen | None = None) -> None:
        super().__init__(headers=_HEADERS, media_type=EVENTS)
        del self.headers["content-length"]
        self._answers = answers
        self._streams = streams
        self._still_open = still_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""
        stream = _Stream(Line(scope.get("state"), self._streams.stalled), send, self._streams.pulse)
        async with aclosing(self._answers):
            try:
                with self._streams.opened(stream.part):
                    await stream.begin(self.status_code, self.raw_headers)
                    await stream.run(self._answers, receive, self._still_open)
            except TooManyStreams as error:
                await failure_response(HTTPException(503, str(error)))(scope, receive, send)
            except Gone:
                pass


class _Stream:
    """One response."""

    def __init__(self, line: Line, send: Send, pulse: float) -> None:
        self._line = line
        self._send = send
        self._pulse = pulse
        self._stopping = asyncio.Event()

    async def begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        await self._put({"type": "http.response.start", "status": status, "headers": headers})
        await self._put_bytes(_COMMENT)

    async def run(self, answers: AsyncGenerator[Answer], receive: Receive, still_open: StillOpen | None) -> None:
        """Send until there are no more answers, the client disconnects, or the server stops."""
        work: list[asyncio.Task[Any]] = [
            asyncio.create_task(self._answer(answers)),
            asyncio.create_task(self._keep_alive()),
            asyncio.create_task(_disconnection(receive)),
            asyncio.create_task(self._stopping.wait()),
            *((asyncio.create_task(until_closed(still_open)),) if still_open else ()),
        ]
        try:
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
        with suppress(Gone):
            await self._put_bytes(b"", more=False, patience=PARTING)

    async def part(self) -> None:
        """End the stream because the server is stopping; without `complete`, so that clients reconnect."""
        self._stopping.set()
        asyncio.get_running_loop().call_later(PARTING, self._line.cut)

    async def _answer(self, answers: AsyncGenerator[Answer]) -> None:
        try:
            async for answer in answers:
                await self._put_bytes(_next(answer.json))
        except Refused as refusal:
            await self._put_bytes(_next(orjson.dumps({"errors": refusal.failures})))
        await self._put_bytes(_COMPLETE)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(self._pulse)
            await self._put_bytes(_COMMENT)

    async def _put_bytes(self, body: bytes, *, more: bool = True, patience: float | None = None) -> None:
        await self._put({"type": "http.response.body", "body": body, "more_body": more}, patience)

    async def _put(self, message: Message, patience: float | None = None) -> None:
        await self._line.put(lambda: self._send(message), patience)


async def _disconnection(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _next(answer: bytes) -> bytes:
    # JSON from the store may contain line breaks between its parts; here they would end the data line.
    return b"event: next\ndata: %b\n\n" % answer.replace(b"\r", b" ").replace(b"\n", b" ")
