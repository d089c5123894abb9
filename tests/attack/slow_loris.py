"""`python -m tests.attack.slow_loris [SOCKETS]` opens sockets that send a head, or a body, a byte a second.

It tells when the server has closed all of them, and how long others waited meanwhile.
"""

import asyncio
import time
from contextlib import suppress

from tests.running import serving

from .lane import argument
from .wire import line, milliseconds, request

HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"x" * 1_000
QUERY = "{ __typename }"


async def crawl(url: str, sent: bytes, *, at_once: int) -> float:
    """Return after how many seconds the server ended a request of which a byte came each second."""
    began = time.monotonic()
    async with line(url) as slow:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            slow.writer.write(sent[:at_once])
            for at in range(at_once, len(sent)):
                await slow.writer.drain()
                slow.writer.write(sent[at : at + 1])
                try:
                    await asyncio.wait_for(slow._reader.read(65_536), 1)
                    break
                except TimeoutError:
                    pass
    return time.monotonic() - began


async def ask_on(url: str, seconds: list[float], until: asyncio.Event) -> None:
    sent = request(url, QUERY)
    async with line(url) as other:
        while not until.is_set():
            began = time.monotonic()
            answer = await other.ask(sent)
            assert answer.is_good, (answer.status, answer.body[:200])
            seconds.append(time.monotonic() - began)
            await asyncio.sleep(0.02)


async def attack(url: str, sockets: int) -> str:
    body = request(url, QUERY + " " * 2_000)
    calm: list[float] = []
    beside: list[float] = []
    over = asyncio.Event()
    quiet = asyncio.create_task(ask_on(url, calm, over))
    await asyncio.sleep(5)
    over.set()
    await quiet
    over = asyncio.Event()
    others = asyncio.create_task(ask_on(url, beside, over))
    heads = [crawl(url, HEAD, at_once=10) for _ in range(sockets // 2)]
    bodies = [crawl(url, body, at_once=200) for _ in range(sockets // 2)]
    ends = await asyncio.gather(*heads, *bodies)
    over.set()
    await others
    return (
        f"{sockets} sockets: all heads closed after {max(ends[: len(heads)]):.1f} s, "
        f"all bodies after {max(ends[len(heads) :]):.1f} s\n"
        f"others: {milliseconds(beside)}; without them {milliseconds(calm)}"
    )


def main() -> None:
    sockets = int(argument("slow_loris", __doc__, "500"))
    with serving("--db", ":memory:") as server:
        print(asyncio.run(attack(server.url, sockets)))


if __name__ == "__main__":
    main()
