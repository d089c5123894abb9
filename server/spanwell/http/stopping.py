"""Graceful shutdown: open requests are finished within some seconds, new ones are refused."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .outside import Outside
from .transport.responses import failure_response, media_type_for

_ALIVE = "/healthz"
"""The probe that is answered to the end: a process that stops lives."""

_SENTENCE = "The server is shutting down; try again in a moment."
_LOOK = 0.02
"""Seconds between two looks whether all is finished."""


class Stopping:
    """Surrounds an application that will be told to stop."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._refusing = Outside(_refuse)
        self._under_way = set[asyncio.Task[Any]]()
        self._is_stopping = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it with 503."""
        if scope["type"] == "lifespan" or not self._is_stopping or scope["path"] == _ALIVE:
            await (self._answer if scope["type"] == "http" else self._app)(scope, receive, send)
        else:
            await self._refusing(scope, receive, send)

    async def drain(self, seconds: float, is_urgent: Callable[[], bool]) -> None:
        """Refuse new requests, and wait for the others; those that take longer are ended, and refused as well."""
        self._is_stopping = True
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while self._under_way and loop.time() < until and not is_urgent():  # noqa: ASYNC110 - a signal handler sets no event
            await asyncio.sleep(_LOOK)
        for task in self._under_way:
            task.cancel()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        task, has_begun = asyncio.current_task(), False
        assert task is not None  # noqa: S101 - an application runs in a task; for the type checker

        def answer(message: Message) -> Awaitable[None]:
            nonlocal has_begun
            has_begun = True
            return send(message)

        self._under_way.add(task)
        try:
            await self._app(scope, receive, answer)
        except asyncio.CancelledError:
            if has_begun or not self._is_stopping:
                raise
            await self._refusing(scope, receive, send)
        finally:
            self._under_way.discard(task)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 503, once the body is read: a client that still sends would not see an answer before the end."""
    if scope["type"] == "http":
        while (await receive()).get("more_body"):
            pass
    refusal = HTTPException(503, _SENTENCE, {"connection": "close"})
    await failure_response(refusal, media_type_for(scope["headers"]))(scope, receive, send)
