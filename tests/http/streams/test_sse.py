"""GraphQL answered as server-sent events, with a schema whose subscriptions a test controls."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from spanwell.graphql.execution.prepared import Answer
from spanwell.http.streams.sse import _next
from tests.http.toy import Wired, wired

EVENTS = "text/event-stream"


class Stream:
    """A connection on which one request was sent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.status = 0
        self.headers = dict[str, str]()

    async def begin(self) -> None:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        self.status = int(head[0].split()[1])
        self.headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)

    async def rest(self) -> str:
        """Return the body, its chunks put together."""
        async with asyncio.timeout(3):
            body = b""
            while True:
                size = int(await self.reader.readline(), 16)
                body += (await self.reader.readexactly(size + 2))[:-2]
                if not size:
                    return body.decode()

    async def event(self) -> str:
        """Return the next event or comment."""
        async with asyncio.timeout(3):
            size = int(await self.reader.readline(), 16)
            return (await self.reader.readexactly(size + 2))[:-2].decode()


@contextlib.asynccontextmanager
async def asking(server: Wired, query: str, accept: str = EVENTS, method: str = "POST") -> AsyncGenerator[Stream]:
    body = json.dumps({"query": query}) if method == "POST" else ""
    path = "/graphql" if method == "POST" else f"/graphql?query={quote(query)}"
    head = (
        f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: {accept}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=4_096)
    writer.write((head + body).encode())
    stream = Stream(reader, writer)
    try:
        async with asyncio.timeout(3):
            await stream.begin()
        yield stream
    finally:
        writer.transport.abort()


def run(test: Callable[[Wired], Coroutine[Any, Any, None]], **how: Any) -> None:
    async def main() -> None:
        async with wired(**how) as server:
            await test(server)

    asyncio.run(main())


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_subscription_is_answered_as_events_and_then_complete(method: str) -> None:
    async def talk(server: Wired) -> None:
        async with asking(server, "subscription { count(to: 2) }", method=method) as stream:
            assert stream.status == 200
            assert stream.headers["content-type"].startswith(EVENTS)
            assert stream.headers["cache-control"] == "no-store"
            assert stream.headers["x-accel-buffering"] == "no"
            assert await stream.rest() == (
                ":\n\n"
                'event: next\ndata: {"data":{"count":0}}\n\n'
                'event: next\ndata: {"data":{"count":1}}\n\n'
                "event: complete\ndata:\n\n"
            )

    run(talk)


@pytest.mark.parametrize(("query", "data"), [("{ a }", '{"a":1}'), ("mutation { b }", '{"b":2}')])
def test_other_operations_are_answered_as_events_to_those_who_take_only_them(query: str, data: str) -> None:
    async def talk(server: Wired) -> None:
        async with asking(server, query) as stream:
            assert f'event: next\ndata: {{"data":{data}}}\n\nevent: complete\n' in await stream.rest()
        async with asking(server, query, f"{EVENTS}, application/json") as stream:
            assert stream.headers["content-type"].startswith("application/json")

    run(talk)


@pytest.mark.parametrize(
    ("query", "accept", "method", "status"),
    [
        ("subscription { silence }", "application/json", "POST", 400),
        ("subscription { silence }", "*/*", "GET", 400),
        ("subscription { nope }", EVENTS, "POST", 400),
        ("subscription {", EVENTS, "POST", 400),
        ("mutation { b }", EVENTS, "GET", 405),
    ],
)
def test_what_events_cannot_answer_is_refused_as_json(query: str, accept: str, method: str, status: int) -> None:
    async def talk(server: Wired) -> None:
        async with asking(server, query, accept, method) as stream:
            assert stream.status == status
            assert stream.headers["content-type"].startswith("application/")
        assert server.toy.open == 0

    run(talk)


def test_a_subscription_that_breaks_says_so_and_completes() -> None:
    async def talk(server: Wired) -> None:
        async with asking(server, "subscription { wrong }") as stream:
            body = await stream.rest()
            assert '"INTERNAL"' in body
            assert "secret" not in body
            assert body.endswith("event: complete\ndata:\n\n")

    run(talk)


def test_a_silent_stream_shows_signs_of_life() -> None:
    async def talk(server: Wired) -> None:
        async with asking(server, "subscription { silence }") as stream:
            assert [await stream.event() for _ in range(3)] == [":\n\n"] * 3

    run(talk, pulse=0.05)


def test_a_client_that_leaves_ends_the_subscription_at_once() -> None:
    async def talk(server: Wired) -> None:
        async with asking(server, "subscription { silence }"):
            await server.toy.settles(1)
        await server.toy.settles(0)

    run(talk)


def test_a_client_that_takes_nothing_is_cut_off() -> None:
    async def talk(server: Wired) -> None:
        async with asking(server, "subscription { flood }") as stream:
            await server.toy.settles(1)
            await server.toy.settles(0)
            with contextlib.suppress(ConnectionResetError):
                while await stream.reader.read(65_536):
                    pass
            assert stream.reader.at_eof() or stream.reader.exception()

    run(talk, stalled=0.5)


def test_little_is_kept_for_a_client_that_takes_nothing() -> None:
    async def talk(server: Wired) -> None:
        async with asking(server, "subscription { flood }") as stream:
            await server.toy.settles(1)
            await server.toy.settles(0)
            kept = 0
            with contextlib.suppress(ConnectionResetError):
                while piece := await stream.reader.read(65_536):
                    kept += len(piece)
            assert kept < 1_500_000

    run(talk, stalled=0.3)


def test_streams_beyond_the_limit_are_refused_until_one_ends() -> None:
    async def talk(server: Wired) -> None:
        silence = "subscription { silence }"
        async with asking(server, silence), asking(server, silence) as second:
            assert second.status == 503
            assert second.headers["retry-after"] == "1"
        await server.toy.settles(0)
        async with asking(server, "subscription { silence }") as third:
            assert third.status == 200

    run(talk, most=1)


def test_the_end_of_the_server_ends_a_stream_without_complete() -> None:
    async def talk(server: Wired) -> None:
        async with (
            asking(server, "subscription { silence }") as stream,
            asking(server, "subscription { flood }"),
        ):
            await server.toy.settles(2)
            server.server.should_exit = True
            assert "complete" not in await stream.rest()
            await server.toy.settles(0)

    run(talk)


def test_json_with_line_breaks_between_its_parts_stays_one_line() -> None:
    event = _next(Answer({"attributes": orjson.Fragment(b'{\r\n  "a":\n1}')}, []).json)
    assert event.count(b"\n") == 3
    assert json.loads(event.split(b"data: ")[1]) == {"data": {"attributes": {"a": 1}}}
