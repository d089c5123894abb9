"""A server that has enough to do says so at once."""

import asyncio
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from spanwell.http.transport.admission import Admission


class App:
    """Answers when it is let, or fails; a stream begins its answer at once."""

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/fails":
            raise ValueError("no")
        if scope["path"] == "/body":
            while (await receive()).get("more_body"):
                pass
        if scope["path"] != "/stream":
            await self.go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await self.go.wait()


async def status_of(admission: Admission, path: str = "/graphql", kind: str = "http") -> tuple[int, dict[bytes, bytes]]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError

    await admission({"type": kind, "path": path, "method": "POST", "headers": []}, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"])


def test_more_than_may_be_worked_on_are_refused_with_a_time_to_come_again() -> None:
    async def ask() -> None:
        app = App()
        admission = Admission(app, 2, 1_000)
        streams = [asyncio.create_task(status_of(admission, "/stream")) for _ in range(3)]
        working = [asyncio.create_task(status_of(admission)) for _ in range(2)]
        await asyncio.sleep(0.01)
        status, headers = await status_of(admission)
        assert status == 503
        assert headers[b"retry-after"] == b"1"
        others = [asyncio.create_task(status_of(admission, *which)) for which in (("/healthz",), ("/x", "websocket"))]
        await asyncio.sleep(0.01)
        app.go.set()
        assert {status for status, _ in await asyncio.gather(*working, *streams, *others)} == {200}
        assert (await status_of(admission))[0] == 200

    asyncio.run(ask())


HEADERS = [(b"content-length", b"9")]
BODY = [{"type": "http.request", "more_body": True}, {"type": "http.request"}]


def test_clients_that_send_slowly_keep_nobody_out_and_are_refused_where_their_body_ends() -> None:
    async def ask() -> None:
        app, came, sent = App(), asyncio.Queue[Any](), asyncio.Queue[Any]()
        admission = Admission(app, 1, 1_000)
        scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/body", "headers": HEADERS}
        slow = asyncio.ensure_future(admission(scope, came.get, sent.put))
        came.put_nowait(BODY[0])
        working = asyncio.create_task(status_of(admission))
        await asyncio.sleep(0.01)
        came.put_nowait(BODY[1])
        with pytest.raises(HTTPException) as refused:
            await slow
        assert (refused.value.status_code, refused.value.headers) == (503, {"retry-after": "1"})
        app.go.set()
        assert (await working)[0] == 200
        for each in BODY:
            came.put_nowait(each)
        await admission(scope, came.get, sent.put)
        assert sent.get_nowait()["status"] == 200

    asyncio.run(ask())


def test_a_request_that_fails_has_left() -> None:
    async def ask() -> None:
        admission = Admission(App(), 1, 1_000)
        for _ in range(3):
            with pytest.raises(ValueError, match="no"):
                await status_of(admission, "/fails")

    asyncio.run(ask())


class Holding:
    """Holds as many bytes as the path says, until it is let."""

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def __call__(self, scope: Any, _: Any, send: Any) -> None:
        try:
            for _ in range(2):
                scope["state"]["hold"](int(scope["path"]) // 2)
            status = 200
        except HTTPException as refusal:
            status = refusal.status_code
        else:
            await self.go.wait()
        await send({"type": "http.response.start", "status": status, "headers": []})


def test_bodies_hold_no_more_together_than_they_may_and_small_ones_always_pass() -> None:
    async def ask() -> None:
        app = Holding()
        admission = Admission(app, 10, 1_000_000)
        holding = [asyncio.create_task(status_of(admission, "500000")) for _ in range(2)]
        small = [asyncio.create_task(status_of(admission, "60000")) for _ in range(5)]
        await asyncio.sleep(0.01)
        assert (await status_of(admission, "300000"))[0] == 503
        app.go.set()
        assert {status for status, _ in await asyncio.gather(*holding, *small)} == {200}
        assert (await status_of(admission, "1000000"))[0] == 200

    asyncio.run(ask())


def test_a_body_that_nothing_reads_does_not_keep_a_request_from_being_counted() -> None:
    async def ask() -> None:
        app, sent = App(), asyncio.Queue[Any]()
        admission = Admission(app, 1, 1_000)
        scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/graphql", "headers": HEADERS}
        working = asyncio.ensure_future(admission(scope, sent.get, sent.put))
        await asyncio.sleep(0.01)
        assert (await asyncio.wait_for(status_of(admission), 5))[0] == 503
        app.go.set()
        await working

    asyncio.run(ask())
