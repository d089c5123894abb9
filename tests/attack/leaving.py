"""`python -m tests.attack.leaving [CLIENTS]` lets clients ask for what takes long, and leave.

It tells how long the server went on working after the last had left.
"""

import asyncio
import time
from pathlib import Path

from tests.running import serving

from .lane import argument
from .wire import line, request

HEAVY = "{{ {} }}".format(
    " ".join(  # some seconds
        f'a{at}: spanStats(first: 1000, groupBy: [{{field: "spanId"}}]) {{ keys durationMs {{ quantile(q: 0.{at}) }} }}'
        for at in range(10, 50)
    )
)


def busy(pid: int) -> float:
    """Return how many seconds of processors a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


async def leave(url: str, wait: float) -> None:
    async with line(url) as client:
        client.writer.write(request(url, HEAVY))
        await client.writer.drain()
        await asyncio.sleep(wait)


async def attack(url: str, pid: int, clients: int) -> str:
    began = time.monotonic()
    async with line(url) as one:
        assert (await one.ask(request(url, HEAVY))).is_good
    alone = time.monotonic() - began
    await asyncio.gather(*(leave(url, 0.3 + at % 10 / 20) for at in range(clients)))
    left = time.monotonic()
    last = left
    before = busy(pid)
    while time.monotonic() - last < 1:
        await asyncio.sleep(0.05)
        if (now := busy(pid)) > before + 0.02:
            before, last = now, time.monotonic()
    return (
        f"{clients} clients asked for what takes {alone:.1f} s and left; the server worked for {last - left:.2f} s more"
    )


def main() -> None:
    clients = int(argument("leaving", __doc__, "200"))
    with serving("--db", ":memory:", "--demo", "--log-level", "error", "--max-query-cost", "1000000") as server:
        print(asyncio.run(attack(server.url, server.process.pid, clients)))
        print("healthy:", server.ask("{ __typename }"))


if __name__ == "__main__":
    main()
