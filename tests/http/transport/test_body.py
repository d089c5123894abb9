import asyncio
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from spanwell.http.transport.body import read_body


def read(messages: Iterator[dict[str, Any] | float], patience: float = 0.05) -> bytes:
    """Read a body that arrives message by message; a number is a pause in seconds."""

    async def receive() -> dict[str, Any]:
        message = next(messages)
        while not isinstance(message, dict):
            await asyncio.sleep(message)
            message = next(messages)
        return message

    return asyncio.run(read_body(Request({"type": "http", "headers": []}, receive), 1_000_000, patience))


def piece(body: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_is_what_its_pieces_are_together() -> None:
    assert read(iter([piece(b"a"), piece(b""), piece(b"b"), piece(b"c", more=False)])) == b"abc"


def test_a_client_that_leaves_has_sent_no_request() -> None:
    with pytest.raises(HTTPException, match="ended early"):
        read(iter([piece(b"a"), {"type": "http.disconnect"}]))


def test_a_body_that_trickles_is_not_waited_for_however_often_a_byte_comes() -> None:
    trickle = (part for _ in range(100) for part in (0.01, piece(b"x")))
    with pytest.raises(HTTPException, match="too slowly") as caught:
        read(trickle)
    assert caught.value.status_code == 408
    assert next(trickle, None) is not None


def test_a_large_body_has_longer_to_arrive() -> None:
    """Every 64 KiB that came buy another second."""
    trickle = (part for _ in range(5) for part in (0.1, piece(b"x")))
    body = read(chain([piece(b"x" * 65_536)], trickle, [piece(b"", more=False)]), patience=0.3)
    assert len(body) == 65_541
