"""A client that leaves ends the work for it."""

import asyncio
import json
from typing import Any

import pytest
from typing_extensions import override

from spanwell.app import create_app
from spanwell.http.transport.leaving import EndedByLeaving
from spanwell.observability.model.span import Span
from spanwell.observability.questions.queries import Page, SpanQuery
from spanwell.settings import Settings
from spanwell.storage.reference.storage import MemoryStorage


class Slow(MemoryStorage):
    """A store whose lists never come."""

    ended = False

    @override
    async def list_spans(self, query: SpanQuery) -> Page[Span]:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.ended = True
            raise
        raise AssertionError


def test_a_query_ends_when_its_client_leaves() -> None:
    storage, sent, state = Slow(), list[Any](), dict[str, Any]()
    body = json.dumps({"query": "{ spans { nodes { name } } }"}).encode()
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    async def leave_soon() -> None:
        app = create_app(Settings(), storage)
        asked = asyncio.create_task(app({**scope, "state": state}, receive, send))
        await asyncio.sleep(0.1)
        state["leave"]()
        await asked

    asyncio.run(leave_soon())
    assert storage.ended
    assert sent[0]["status"] == 499
    assert "leave" not in state


def test_what_is_cancelled_for_another_reason_is_cancelled() -> None:
    async def cancelled() -> None:
        with EndedByLeaving({}):
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
