"""GraphQL over WebSocket by `graphql-transport-ws`: https://github.com/enisdenjo/graphql-ws (PROTOCOL.md)."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.websockets import WebSocket, WebSocketDisconnect

from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.failures import Code, Refused
from spanwell.graphql.execution.prepared import GraphQLRequest
from spanwell.http.transport.answers import MakeContext, answers
from spanwell.http.transport.doors import Doors
from spanwell.http.transport.persisted import PersistedDocuments
from spanwell.http.transport.rates import TooOften
from spanwell.http.transport.responses import failure_response
from spanwell.observability.access import Access

from .channels import PARTING, Gone, Line, StillOpen, Streams, TooManyStreams, until_closed
from .websocket_caller import Caller, Closing
from .websocket_messages import PROTOCOL, BadMessage, Complete, Init, Message, Ping, Pong, Subscribe, read


@dataclass(frozen=True)
class SocketLimits:
    """Limits of one connection: concurrent operations, and seconds until it must be initialised."""

    operations: int = 100
    init: float = 3.0


@dataclass(frozen=True)
class _Server:
    """What all connections share."""

    execution: Execution
    persisted: PersistedDocuments
    make_context: Callable[[Access], object]


class WebSocketEndpoint:
    """Serves connections. Pages from origins other than `origins` and the server's own are refused."""

    def __init__(  # noqa: PLR0913 - the last is given by name
        self,
        execution: Execution,
        make_context: Callable[[Access], object],
        streams: Streams,
        origins: Iterable[str] = (),
        limits: SocketLimits | None = None,
        *,
        doors: Doors | None = None,
        persisted: PersistedDocuments | None = None,
    ) -> None:
        self._server = _Server(execution, persisted or PersistedDocuments(), make_context)
        self._streams = streams
        self._doors = doors or Doors()
        self._origins = frozenset(origins)
        self._limits = limits or SocketLimits()

    async def handle(self, websocket: WebSocket) -> None:
        """Serve a connection until it ends."""
        if not self._admits(websocket):
            refusal = HTTPException(403, "Pages of that origin are not allowed to call this server.")
            await websocket.send_denial_response(failure_response(refusal))
            return
        socket = _Socket(websocket, self._streams.stalled)
        try:
            caller = Caller(self._doors, websocket)
            with self._streams.opened(socket.part):
                await _Connection(self._server, socket, self._limits, caller).run()
        except HTTPException as refusal:
            await websocket.send_denial_response(failure_response(refusal))
        except TooManyStreams as error:
            await websocket.send_denial_response(failure_response(HTTPException(503, str(error))))
        except Gone:
            pass

    def _admits(self, websocket: WebSocket) -> bool:
        stated = websocket.headers.getlist("origin")
        if not stated:
            return True  # not a page in a browser
        if len(stated) > 1:
            return False
        own = stated[0].partition("://")[2].lower() == websocket.headers.get("host", "").lower()
        return own or stated[0] in self._origins or "*" in self._origins


class _Socket:
    """Receives and sends messages. Every method raises `Gone` once the client is disconnected."""

    def __init__(self, websocket: WebSocket, patience: float) -> None:
        self._websocket = websocket
        self._line = Line(websocket.scope.get("state"), patience)
        self.offered: list[str] = websocket.scope["subprotocols"]

    async def accept(self, subprotocol: str | None) -> None:
        await self._websocket.accept(subprotocol)

    async def receive(self) -> str | None:
        """Return the text of the next frame; None if it is binary."""
        message = await self._websocket.receive()
        if message["type"] != "websocket.receive":
            self._line.gone = True
            raise Gone
        text: str | None = message.get("text")
        return text

    async def send(self, kind: str, **parts: Any) -> None:
        text = orjson.dumps({"type": kind, **parts}).decode()
        await self._put({"type": "websocket.send", "text": text})

    async def close(self, code: int, reason: str, patience: float | None = None) -> None:
        await self._put({"type": "websocket.close", "code": code, "reason": reason}, patience)
        self._line.gone = True

    async def part(self) -> None:
        """Close the connection because the server is shutting down."""
        with suppress(Gone):
            await self.close(1001, "The server stops.", PARTING)

    async def _put(self, message: dict[str, Any], patience: float | None = None) -> None:
        async def send() -> None:
            try:
                await self._websocket.send(message)
            except WebSocketDisconnect:
                raise ConnectionResetError from None

        await self._line.put(send, patience)


def _not_begun() -> object:
    raise Closing(4401, "Unauthorized")


class _Connection:
    """One connection: its operations run concurrently, each under its id."""

    def __init__(self, server: _Server, socket: _Socket, limits: SocketLimits, caller: Caller) -> None:
        self._server = server
        self._make_context: MakeContext = _not_begun
        self._socket = socket
        self._limits = limits
        self._caller = caller
        self._running = dict[str, asyncio.Task[None]]()

    async def run(self) -> None:
        """Answer messages until the connection ends."""
        watch: list[asyncio.Task[None]] = []
        try:
            await self._accept()
            await self._begin()
            if self._caller.still_open is not None:
                watch.append(asyncio.create_task(self._close_when_revoked(self._caller.still_open)))
            while True:
                await self._obey(await self._next())
        except Closing as end:
            await self._socket.close(end.code, end.reason)
        finally:
            await self._cancel(*self._running.values(), *watch)

    async def _close_when_revoked(self, still_open: StillOpen) -> None:
        await until_closed(still_open)
        await self._cancel(*self._running.values())
        with suppress(Gone):
            await self._socket.close(4403, "Forbidden")

    async def _accept(self) -> None:
        spoken = PROTOCOL in self._socket.offered
        await self._socket.accept(PROTOCOL if spoken else None)
        if not spoken:
            raise Closing(4406, f"The subprotocol must be {PROTOCOL}.")

    async def _begin(self) -> None:
        try:
            async with asyncio.timeout(self._limits.init):
                while not isinstance(message := await self._next(), Init):
                    await self._answer_early(message)
                self._make_context = partial(self._server.make_context, self._caller.begin(message.payload))
        except TimeoutError:
            raise Closing(4408, "Connection initialisation timeout") from None
        await self._socket.send("connection_ack")

    async def _answer_early(self, message: Message) -> None:
        if isinstance(message, Subscribe):
            raise Closing(4401, "Unauthorized")
        await self._obey(message)

    async def _next(self) -> Message:
        try:
            return read(await self._socket.receive())
        except BadMessage as error:
            raise Closing(4400, str(error)) from None

    async def _obey(self, message: Message) -> None:
        match message:
            case Init():
                raise Closing(4429, "Too many initialisation requests")
            case Subscribe():
                await self._start(message)
            case Complete():
                if (task := self._running.pop(message.id, None)) is not None:
                    await self._cancel(task)
            case Ping():
                await self._socket.send("pong")
            case Pong():
                pass

    async def _start(self, message: Subscribe) -> None:
        if message.id in self._running:
            raise Closing(4409, "Subscriber for this id already exists")
        try:
            request = self._server.persisted.request_of(message.payload)
        except HTTPException as error:
            raise Closing(4400, error.detail) from None
        if len(self._running) >= self._limits.operations:
            text = f"A connection can run at most {self._limits.operations:,} operations at a time."
            await self._refuse(message.id, text, Code.RESOURCE_EXHAUSTED)
            return
        try:
            self._caller.take()
        except TooOften as error:
            await self._refuse(message.id, error.detail, Code.OVERLOADED)
            return
        self._running[message.id] = asyncio.create_task(self._operate(message.id, request))

    async def _refuse(self, name: str, sentence: str, code: Code) -> None:
        await self._socket.send("error", id=name, payload=[{"message": sentence, "extensions": {"code": code}}])

    async def _operate(self, name: str, request: GraphQLRequest) -> None:
        try:
            prepared = await self._server.execution.prepare_beside(request)
            async with aclosing(answers(self._server.execution, prepared, self._make_context)) as given:
                async for answer in given:
                    await self._socket.send("next", id=name, payload=orjson.Fragment(answer.json))
            await self._finish(name, "complete")
        except Refused as refusal:
            await self._finish(name, "error", payload=refusal.failures)
        except Gone:
            pass  # the reading side learns it too, and ends the connection

    async def _finish(self, name: str, kind: str, **parts: Any) -> None:
        self._running.pop(name, None)  # first: a client that has read the last message may reuse the id
        with suppress(Gone):
            await self._socket.send(kind, id=name, **parts)

    async def _cancel(self, *tasks: asyncio.Task[None]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
