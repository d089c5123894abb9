"""GraphQL over WebSocket, with a schema whose subscriptions a test controls."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from spanwell.http.streams.websocket import SocketLimits
from tests.http.toy import KILOBYTE, Wired, wired

PROTOCOL = Subprotocol("graphql-transport-ws")


class Peer:
    """A client that speaks the protocol."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, kind: str, **parts: Any) -> None:
        await self.connection.send(json.dumps({"type": kind, **parts}))

    async def ask(self, query: str, name: str = "1") -> None:
        await self.say("subscribe", id=name, payload={"query": query})

    async def hear(self) -> Any:
        async with asyncio.timeout(3):
            return json.loads(await self.connection.recv())

    async def closed(self, patience: float = 3.0) -> int:
        """Return the code with which the server closes."""
        try:
            async with asyncio.timeout(patience):
                while True:
                    await self.connection.recv()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006


@asynccontextmanager
async def peer(server: Wired, origin: str | None = None) -> AsyncGenerator[Peer]:
    """Connect, and begin."""
    async with connect(
        f"ws://127.0.0.1:{server.port}/graphql",
        subprotocols=[PROTOCOL],
        origin=Origin(origin) if origin else None,
        compression=None,
        close_timeout=0.2,
    ) as connection:
        one = Peer(connection)
        await one.say("connection_init", payload={"authorization": "Bearer t"})
        assert await one.hear() == {"type": "connection_ack"}
        yield one


def run(test: Callable[[Wired], Coroutine[Any, Any, None]], **how: Any) -> None:
    async def main() -> None:
        async with wired(**how) as server:
            await test(server)

    asyncio.run(main())


def test_queries_and_mutations_get_one_answer_and_their_end() -> None:
    async def talk(server: Wired) -> None:
        async with peer(server) as one:
            for query, data in (("{ a }", {"a": 1}), ("mutation { b }", {"b": 2})):
                await one.ask(query)
                assert await one.hear() == {"type": "next", "id": "1", "payload": {"data": data}}
                assert await one.hear() == {"type": "complete", "id": "1"}

    run(talk)


def test_a_subscription_gets_every_event_in_order_and_its_end() -> None:
    async def talk(server: Wired) -> None:
        async with peer(server) as one:
            await one.ask("subscription { count(to: 3) }", "x")
            heard = [await one.hear() for _ in range(4)]
            assert [event["payload"]["data"]["count"] for event in heard[:3]] == [0, 1, 2]
            assert heard[3] == {"type": "complete", "id": "x"}

    run(talk)


@pytest.mark.parametrize(
    ("query", "code"),
    [("{", "GRAPHQL_PARSE_FAILED"), ("{ nope }", "GRAPHQL_VALIDATION_FAILED"), ("subscription { wrong }", "INTERNAL")],
)
def test_what_fails_is_said_under_its_id_and_the_connection_goes_on(query: str, code: str) -> None:
    async def talk(server: Wired) -> None:
        async with peer(server) as one:
            await one.ask(query)
            while (heard := await one.hear())["type"] == "next" and "errors" not in heard["payload"]:
                pass
            failures = heard["payload"] if heard["type"] == "error" else heard["payload"]["errors"]
            assert failures[0]["extensions"]["code"] == code
            assert "secret" not in json.dumps(heard)
            await one.say("ping")
            assert await one.hear() == {"type": "pong"}

    run(talk)


def test_the_failure_of_a_field_stands_beside_its_data() -> None:
    async def talk(server: Wired) -> None:
        async with peer(server) as one:
            await one.ask("{ a broken }")
            heard = await one.hear()
            assert heard["payload"]["data"] == {"a": 1, "broken": None}
            assert heard["payload"]["errors"][0]["path"] == ["broken"]

    run(talk)


@pytest.mark.parametrize("query", ["subscription { silence }", "{ slow }"])
def test_complete_ends_an_operation_at_once_and_frees_its_id(query: str) -> None:
    async def talk(server: Wired) -> None:
        async with peer(server) as one:
            await one.ask(query)
            await server.toy.settles(1)
            await one.say("complete", id="1")
            await server.toy.settles(0)
            await one.say("complete", id="1")
            await one.ask("{ a }")
            assert (await one.hear())["payload"] == {"data": {"a": 1}}

    run(talk)


@pytest.mark.parametrize("politely", [True, False])
def test_a_client_that_leaves_ends_its_subscriptions_at_once(politely: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    async def talk(server: Wired) -> None:
        async with peer(server) as one:
            for name in "abc":
                await one.ask("subscription { silence }", name)
            await server.toy.settles(3)
            if not politely:
                one.connection.transport.abort()
        await server.toy.settles(0)

    run(talk)


def test_operations_beyond_the_limit_are_refused_under_their_id() -> None:
    async def talk(server: Wired) -> None:
        async with peer(server) as one:
            for name in "abc":
                await one.ask("subscription { silence }", name)
            heard = await one.hear()
            assert (heard["type"], heard["id"]) == ("error", "c")
            assert heard["payload"][0]["extensions"]["code"] == "RESOURCE_EXHAUSTED"
            await one.say("complete", id="a")
            await one.ask("{ a }", "d")
            assert (await one.hear())["payload"] == {"data": {"a": 1}}

    run(talk, limits=SocketLimits(operations=2))


def test_connections_beyond_the_limit_are_refused_until_one_ends() -> None:
    async def talk(server: Wired) -> None:
        async with peer(server):
            with pytest.raises(InvalidStatus) as refusal:
                async with peer(server):
                    pass
            assert refusal.value.response.status_code == 503
            assert b'"OVERLOADED"' in refusal.value.response.body
        await asyncio.sleep(0.1)
        async with peer(server):
            pass

    run(talk, most=1)


def test_who_does_not_begin_is_closed() -> None:
    async def talk(server: Wired) -> None:
        async with connect(f"ws://127.0.0.1:{server.port}/graphql", subprotocols=[PROTOCOL]) as connection:
            one = Peer(connection)
            await one.say("ping")
            assert await one.hear() == {"type": "pong"}
            assert await one.closed() == 4408

    run(talk, limits=SocketLimits(init=0.3))


@pytest.mark.parametrize("own", ["http://127.0.0.1:{port}", "https://127.0.0.1:{port}", "https://friend.example"])
def test_pages_of_our_own_and_of_befriended_origins_may_connect(own: str) -> None:
    async def talk(server: Wired) -> None:
        async with peer(server, own.format(port=server.port)):
            pass

    run(talk)


@pytest.mark.parametrize("foreign", ["null", "http://evil.example", "http://127.0.0.1", "https://friend.example.evil"])
def test_pages_of_other_origins_may_not_connect(foreign: str) -> None:
    async def talk(server: Wired) -> None:
        with pytest.raises(InvalidStatus) as refusal:
            async with peer(server, foreign):
                pass
        assert refusal.value.response.status_code == 403
        assert b'"FORBIDDEN"' in refusal.value.response.body

    run(talk)


def test_a_client_that_takes_nothing_is_cut_off_and_others_are_served() -> None:
    async def talk(server: Wired) -> None:
        async with peer(server) as slow, peer(server) as other:
            slow.connection.transport.pause_reading()
            await slow.ask("subscription { flood }")
            await server.toy.settles(1)
            await other.ask("{ a }")
            assert (await other.hear())["payload"] == {"data": {"a": 1}}
            await server.toy.settles(0)
            slow.connection.transport.resume_reading()
            assert await slow.closed() == 1006

    run(talk, stalled=0.5)


def test_a_client_that_takes_what_it_gets_is_never_cut_off() -> None:
    async def talk(server: Wired) -> None:
        async with peer(server) as one:
            await one.ask("subscription { flood }")
            async with asyncio.timeout(5):
                for _ in range(2_000):
                    assert KILOBYTE in str(await one.connection.recv())

    run(talk, stalled=0.5)


def test_the_end_of_the_server_is_said_to_every_client() -> None:
    async def talk(server: Wired) -> None:
        async with peer(server) as one, peer(server) as slow:
            await one.ask("subscription { silence }")
            slow.connection.transport.pause_reading()
            await slow.ask("subscription { flood }")
            await server.toy.settles(2)
            await asyncio.sleep(0.2)
            server.server.should_exit = True
            assert await one.closed() == 1001
            await server.toy.settles(0)

    run(talk)
