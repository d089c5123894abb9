"""`python -m tests.attack.overload [SECONDS]` sends three times as much as a server can do, whether it answers or not.

First it looks how much that is: clients that wait for each answer. It tells the goodput, what was refused and how, how
long accepted requests took, and how soon all is well again. Half of what is sent are writes, of 20 spans each.
"""

import asyncio
import itertools
import time
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

from tests.running import serving

from .lane import argument
from .wire import Answer, Line, line, milliseconds, request

QUERY = "{ traces(first: 50) { nodes { traceId name startedAt durationMs status spanCount totalTokens tags } } }"
CREATE = "mutation($s: [CreateSpanInput!]!) { batchCreateSpans(spans: $s) { createdCount } }"
_CLIENTS = 16
_MOST_OPEN = 2_000
_traces, _turns = itertools.count(), itertools.count()


def write(url: str) -> bytes:
    trace = f"{next(_traces):032x}"
    spans = [
        {"traceId": trace, "spanId": f"{at:016x}", "name": "work", "startedAt": f"2026-01-31T09:30:{at:02}Z"}
        for at in range(20)
    ]
    return request(url, CREATE, {"s": spans})


def sent(url: str) -> bytes:
    return write(url) if next(_turns) % 2 else request(url, QUERY)


async def closed_loop(url: str, seconds: float) -> float:
    """Return how many requests a second are answered to clients that wait."""
    done = 0
    until = time.monotonic() + seconds

    async def client() -> None:
        nonlocal done
        async with line(url) as one:
            while time.monotonic() < until:
                answer = await one.ask(sent(url))
                done += answer.is_good

    await asyncio.gather(*(client() for _ in range(_CLIENTS)))
    return done / seconds


class OpenLoop:
    """Sends at a rate, each request over a connection that is free, or a new one."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._free: list[Line] = []
        self.took: list[float] = []
        self.refused = Counter[int]()
        self.without_time = 0
        self.dropped = 0
        self.waiting = 0
        self._lines = AsyncExitStack()
        self._tasks = set[asyncio.Task[None]]()

    async def run(self, rate: float, seconds: float) -> None:
        began = time.monotonic()
        for number in itertools.count():
            due = began + number / rate
            if due > began + seconds:
                break
            await asyncio.sleep(max(0, due - time.monotonic()))
            if self.waiting >= _MOST_OPEN:
                self.dropped += 1
                continue
            task = asyncio.create_task(self._one())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await asyncio.gather(*self._tasks)
        await self._lines.aclose()

    async def _one(self) -> None:
        self.waiting += 1
        began = time.monotonic()
        try:
            one = self._free_line()
            if one is None:
                one = await self._lines.enter_async_context(line(self._url))
            self._note(await one.ask(sent(self._url)), began)
            self._free.append(one)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.refused[0] += 1
        finally:
            self.waiting -= 1

    def _free_line(self) -> Line | None:
        """Return a connection that nobody uses and that the server has not closed, if there is one."""
        while self._free:
            if (one := self._free.pop()).is_open:
                return one
        return None

    def _note(self, answer: Answer, began: float) -> None:
        if answer.is_good:
            self.took.append(time.monotonic() - began)
        else:
            self.refused[answer.status] += 1
            self.without_time += "retry-after" not in answer.headers


def most_memory(pid: int) -> float:
    """Return the most megabytes that a process has had."""
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024


async def attack(url: str, pid: int, seconds: float) -> str:
    peak = await closed_loop(url, 10)
    loop = OpenLoop(url)
    began = time.monotonic()
    await loop.run(3 * peak, seconds)
    drained = time.monotonic() - began - seconds
    good = len(loop.took) / (seconds + drained)
    after = time.monotonic()
    again = await closed_loop(url, 2)
    return (
        f"peak {peak:,.0f} requests a second; at {3 * peak:,.0f} goodput {good:,.0f} ({good / peak:.0%})\n"
        f"refused {dict(loop.refused)}, {loop.without_time} of them without Retry-After; not sent {loop.dropped:,}\n"
        f"accepted: {milliseconds(loop.took)}; drained after {drained:.1f} s; "
        f"then {again:,.0f} a second within {time.monotonic() - after:.0f} s; most memory {most_memory(pid):,.0f} MB"
    )


def main() -> None:
    seconds = float(argument("overload", __doc__, "60.0"))
    with serving("--db", ":memory:", "--demo", "--log-level", "error") as server:
        print(asyncio.run(attack(server.url, server.process.pid, seconds)))


if __name__ == "__main__":
    main()
