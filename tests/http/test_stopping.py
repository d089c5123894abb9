"""A server that stops finishes what is under way, and tells others that it does."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any

import pytest

from spanwell.http.stopping import Stopping
from spanwell.http.uvicorn_hooks import Server, server_config

Sent = list[dict[str, Any]]


def in_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Let a test run in an event loop of its own."""

    @wraps(test)
    def run(*arguments: Any, **named: Any) -> None:
        asyncio.run(test(*arguments, **named))

    return run


def scope_of(path: str = "/graphql", kind: str = "http") -> dict[str, Any]:
    """Return what a request is to an application."""
    return {"type": kind, "method": "POST", "path": path, "query_string": b"", "headers": []}


async def ask(app: Stopping, scope: dict[str, Any], parts: int = 1) -> Sent:
    """Send a request whose body comes in parts; return what is answered."""
    sent: Sent = []
    left = iter(range(parts - 1, -1, -1))

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"x", "more_body": bool(next(left))}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


class Slow:
    """An application that answers when it may, in two messages."""

    def __init__(self) -> None:
        self.begins = asyncio.Event()
        self.ends = asyncio.Event()

    async def __call__(self, _scope: Any, _receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        """Answer."""
        await self.begins.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await self.ends.wait()
        await send({"type": "http.response.body", "body": b"done"})


def status(sent: Sent) -> int:
    """Return the status of an answer."""
    found: int = sent[0]["status"]
    return found


@in_a_loop
async def test_what_is_under_way_is_finished() -> None:
    slow = Slow()
    app = Stopping(slow)
    asked = asyncio.create_task(ask(app, scope_of()))
    await asyncio.sleep(0)
    draining = asyncio.create_task(app.drain(60, lambda: False))
    await asyncio.sleep(0)
    slow.begins.set()
    slow.ends.set()
    assert [message.get("body") for message in await asked] == [None, b"done"]
    await draining


@pytest.mark.parametrize(("path", "kind"), [("/graphql", "http"), ("/readyz", "http"), ("/graphql", "websocket")])
@in_a_loop
async def test_late_requests_are_refused_once_their_body_is_read(path: str, kind: str) -> None:
    app = Stopping(Slow())
    await app.drain(0, lambda: False)
    sent = await ask(app, scope_of(path, kind), 3)
    assert status(sent) == 503
    assert {b"retry-after", b"connection"} <= dict(sent[0]["headers"]).keys()
    assert json.loads(sent[1]["body"])["errors"][0]["extensions"] == {"code": "OVERLOADED"}


@in_a_loop
async def test_the_process_says_to_the_end_that_it_lives() -> None:
    slow = Slow()
    slow.begins.set()
    slow.ends.set()
    app = Stopping(slow)
    await app.drain(0, lambda: False)
    assert status(await ask(app, scope_of("/healthz"))) == 200


@in_a_loop
async def test_what_takes_too_long_is_refused_unless_its_answer_has_begun() -> None:
    slow = Slow()
    app = Stopping(slow)
    begun = asyncio.create_task(ask(app, scope_of()))
    await asyncio.sleep(0)
    slow.begins.set()
    await asyncio.sleep(0)
    slow.begins.clear()
    waiting = asyncio.create_task(ask(app, scope_of()))
    await asyncio.sleep(0)
    await app.drain(0.001, lambda: False)
    assert status(await waiting) == 503
    with pytest.raises(asyncio.CancelledError):
        await begun


@in_a_loop
async def test_a_second_signal_waits_for_nothing() -> None:
    app = Stopping(Slow())
    asked = asyncio.create_task(ask(app, scope_of()))
    await asyncio.sleep(0)
    await app.drain(3_600, lambda: True)
    assert status(await asked) == 503


@in_a_loop
async def test_whoever_leaves_while_nothing_stops_is_not_answered() -> None:
    asked = asyncio.create_task(ask(Stopping(Slow()), scope_of()))
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked


def test_a_server_surrounds_its_application() -> None:
    config = server_config(Slow())
    Server(config)
    assert isinstance(config.app, Stopping)
