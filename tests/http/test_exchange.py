"""Heads of responses are written as uvicorn writes them."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, cast

import pytest
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from spanwell.http.exchange import Exchange

from .written import Transport

BODY = {"type": "http.response.body", "body": b"12345", "more_body": False}
LENGTH = (b"content-length", b"5")


def answered(
    kind: type[RequestResponseCycle],
    headers: Sequence[tuple[bytes, bytes]],
    method: str = "POST",
    *,
    keep_alive: bool = True,
) -> tuple[bytes, bool, int]:
    """Return what is written for an answer, whether the connection was closed, and how often the answer ended."""
    ends: list[None] = []

    async def answer() -> Transport:
        transport = Transport()
        cycle = kind(
            scope=cast("Any", {"type": "http", "method": method, "http_version": "1.1"}),
            transport=cast("Any", transport),
            flow=FlowControl(cast("Any", transport)),
            logger=logging.getLogger("test"),
            access_logger=logging.getLogger("test"),
            access_log=False,
            default_headers=[(b"date", b"today")],
            message_event=asyncio.Event(),
            expect_100_continue=True,
            keep_alive=keep_alive,
            on_response=lambda: ends.append(None),
        )
        await cycle.send(cast("Any", {"type": "http.response.start", "status": 201, "headers": headers}))
        await cycle.send(cast("Any", BODY))
        return transport

    transport = asyncio.run(answer())
    return b"".join(transport.written), transport.closed, len(ends)


@pytest.mark.parametrize("keep_alive", [True, False])
@pytest.mark.parametrize("method", ["POST", "HEAD"])
@pytest.mark.parametrize(
    "headers",
    [
        [LENGTH],
        [LENGTH, (b"X-Name", b"a, b"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")],
        [(b"content-type", b"text/plain")],
        [LENGTH, (b"connection", b"close")],
        [(b"transfer-encoding", b"chunked")],
    ],
    ids=["length", "repeated", "chunked", "closed", "stated"],
)
def test_an_answer_is_written_as_uvicorn_writes_it(
    headers: list[tuple[bytes, bytes]], method: str, *, keep_alive: bool
) -> None:
    ours, theirs = (answered(kind, headers, method, keep_alive=keep_alive) for kind in (Exchange, RequestResponseCycle))
    assert ours == theirs
    assert ours[2] == 1


@pytest.mark.parametrize("header", [(b"x-name", b"a\r\nset-cookie: b"), (b"x name", b"a"), (b"x-name", b"\0")])
def test_no_header_becomes_two(header: tuple[bytes, bytes]) -> None:
    with pytest.raises(RuntimeError):
        answered(Exchange, [LENGTH, header])
