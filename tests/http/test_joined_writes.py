"""The head of a response leaves with its body, and never later than in the next turn of the event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

from spanwell.http.joined_writes import JoinedWrites

from .written import Transport

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"


def written(act: Callable[[JoinedWrites, Transport], Awaitable[None] | None]) -> list[bytes]:
    """Return what reaches the connection until the turn after an act."""
    transport = Transport()

    async def run() -> None:
        done = act(JoinedWrites(cast("asyncio.Transport", transport), asyncio.get_running_loop()), transport)
        if done is not None:
            await done
        await asyncio.sleep(0)

    asyncio.run(run())
    return transport.written


def test_a_head_and_its_body_are_one_write() -> None:
    def act(joined: JoinedWrites, _: Transport) -> None:
        for _response in range(2):
            joined.write(HEAD)
            joined.write(b"{}")
        joined.write(b"more")

    assert written(act) == [HEAD + b"{}", HEAD + b"{}", b"more"]


def test_a_head_whose_body_comes_later_does_not_wait_for_it() -> None:
    async def act(joined: JoinedWrites, transport: Transport) -> None:
        joined.write(HEAD)
        await asyncio.sleep(0)
        assert transport.written == [HEAD]
        joined.write(b"{}")

    assert written(act) == [HEAD, b"{}"]


def test_a_large_body_is_not_copied() -> None:
    body = b"x" * 100_000

    def act(joined: JoinedWrites, _: Transport) -> None:
        joined.write(HEAD)
        joined.write(body)

    first, second = written(act)
    assert first == HEAD
    assert second is body


def test_closing_writes_a_kept_head_first() -> None:
    def act(joined: JoinedWrites, transport: Transport) -> None:
        joined.write(HEAD)
        joined.close()
        assert transport.written == [HEAD]
        assert joined.is_closing()

    assert written(act) == [HEAD]


def test_nothing_is_written_to_a_connection_that_was_lost() -> None:
    def act(joined: JoinedWrites, transport: Transport) -> None:
        joined.write(HEAD)
        transport.closed = True

    assert written(act) == []
