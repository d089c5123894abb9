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


_HEAD = [b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n", *(_LINE % number for number in range(4)), b"\r\n"]


@pytest.mark.parametrize("before", [b"", _FIRST], ids=["first", "behind another"])
@pytest.mark.parametrize(
    "pieces",
    [[b"".join(_HEAD)], _HEAD, [b"".join(_HEAD[:4]), b"".join(_HEAD[4:])]],
    ids=["at once", "line by line", "too large with the last piece"],
)
def test_a_head_that_is_too_large_is_refused(before: bytes, pieces: list[bytes]) -> None:
    async def ask() -> bytes:
        async with wired() as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            for piece in [before + pieces[0], *pieces[1:]]:
                writer.write(piece)
                await asyncio.sleep(0.01)
            answer = await asyncio.wait_for(reader.read(), 5)
            writer.close()
        return answer

    answer = asyncio.run(ask())
    assert b"HTTP/1.1 431" in answer
