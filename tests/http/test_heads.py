"""A head that is too large is refused, in however many pieces and behind whatever it comes."""

import asyncio

import pytest

from tests.http.toy import wired

_BODY = b'{"query":"{ a }"}'
_FIRST = (
    b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
    % (
        len(_BODY),
        _BODY,
    )
)
_LINE = b"x-%d: " + b"y" * 20_000 + b"\r\n"


@pytest.mark.parametrize("before", [b"", _FIRST], ids=["first", "behind another"])
@pytest.mark.parametrize("at_once", [True, False])
def test_a_head_that_is_too_large_is_refused(before: bytes, *, at_once: bool) -> None:
    async def ask() -> bytes:
        async with wired() as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            pieces = [before + b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n", *(_LINE % n for n in range(4)), b"\r\n"]
            for piece in [b"".join(pieces)] if at_once else pieces:
                writer.write(piece)
                await asyncio.sleep(0 if at_once else 0.01)
            answer = await asyncio.wait_for(reader.read(), 5)
            writer.close()
        return answer

    answer = asyncio.run(ask())
    assert b"HTTP/1.1 431" in answer
