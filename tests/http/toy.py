"""A small schema whose subscriptions a test controls, behind the real transports."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Any

import uvicorn
from graphql import GraphQLSchema, build_schema
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route, WebSocketRoute

from spanwell.graphql.execution.executor import Execution
from spanwell.http.endpoints.graphql import GraphQLEndpoint
from spanwell.http.endpoints.health import healthz
from spanwell.http.streams.channels import Streams
from spanwell.http.streams.websocket import SocketLimits, WebSocketEndpoint
from spanwell.http.transport.responses import http_failure
from spanwell.http.uvicorn_hooks import LARGEST_MESSAGE, HttpConnection, Server, WebSocketConnection

KILOBYTE = "x" * 1_000


class Toy:
    """Counts its open subscriptions."""

    def __init__(self) -> None:
        self.open = 0
        schema = build_schema(
            """
            type Query { a: Int  slow: Int  broken: Int }
            type Mutation { b: Int }
            type Subscription { count(to: Int!): Int  silence: Int  flood: String  wrong: Int }
            """
        )
        self._resolve(schema)
        self.execution = Execution(schema)

    def _resolve(self, schema: GraphQLSchema) -> None:
        assert schema.query_type
        assert schema.mutation_type
        assert schema.subscription_type
        schema.query_type.fields["a"].resolve = lambda *_: 1
        schema.query_type.fields["slow"].resolve = self._slow
        schema.query_type.fields["broken"].resolve = self._broken
        schema.mutation_type.fields["b"].resolve = lambda *_: 2
        for name in ("count", "silence", "flood", "wrong"):
            field = schema.subscription_type.fields[name]
            field.subscribe = getattr(self, f"_{name}")
            field.resolve = lambda event, *_, **__: event

    def _broken(self, *_: object) -> int:
        raise RuntimeError("secret")

    async def _slow(self, *_: object) -> int:
        with self._counted():
            await asyncio.sleep(60)
        return 1

    async def _count(self, *_: object, to: int) -> AsyncGenerator[int]:
        for number in range(to):
            yield number

    async def _silence(self, *_: object) -> AsyncGenerator[int]:
        with self._counted():
            await asyncio.sleep(60)
            yield 0

    async def _flood(self, *_: object) -> AsyncGenerator[str]:
        with self._counted():
            while True:
                yield KILOBYTE

    async def _wrong(self, *_: object) -> AsyncGenerator[int]:
        yield 1
        raise RuntimeError("secret")

    @contextlib.contextmanager
    def _counted(self) -> Any:
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1

    async def settles(self, number: int) -> None:
        """Wait until so many subscriptions are open."""
        async with asyncio.timeout(3):
            while self.open != number:  # noqa: ASYNC110 - it goes up and down in many places
                await asyncio.sleep(0.01)


class Wired:
    """A toy behind the transports, on a socket."""

    def __init__(self, toy: Toy, streams: Streams, server: Server, port: int) -> None:
        self.toy = toy
        self.streams = streams
        self.server = server
        self.port = port


@contextlib.asynccontextmanager
async def wired(limits: SocketLimits | None = None, most: int = 100, **times: float) -> AsyncGenerator[Wired]:
    """Serve a toy until the block ends."""
    toy, streams = Toy(), Streams(most, **times)
    endpoint = GraphQLEndpoint(toy.execution, lambda _: {}, 100_000, streams)
    sockets = WebSocketEndpoint(toy.execution, lambda _: {}, streams, ["https://friend.example"], limits)
    app = Starlette(
        routes=[
            Route("/graphql", endpoint.handle, methods=["GET", "POST"]),
            WebSocketRoute("/graphql", sockets.handle),
            Route("/healthz", healthz),
        ],
        exception_handlers={HTTPException: http_failure},
    )
    config = uvicorn.Config(
        app, port=0, http=HttpConnection, ws=WebSocketConnection, ws_max_size=LARGEST_MESSAGE, log_config=None
    )
    server = Server(config, streams)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn only has this flag
        await asyncio.sleep(0.01)
    try:
        yield Wired(toy, streams, server, server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        await asyncio.wait_for(serving, 8)
