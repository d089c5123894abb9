"""`python -m tests.attack.hog [SECONDS]` asks for what needs much memory, while others ask for little and write.

The process may take 6 GiB of addresses, DuckDB 512 MB. It tells what became of the hogs, how many of the others failed,
how long they took, and how much memory the process had at most.
"""

import asyncio
import resource
import time
from collections import Counter
from tempfile import TemporaryDirectory

from tests.running import serving

from .lane import argument
from .overload import most_memory, write
from .wire import line, milliseconds, request

_ADDRESSES = 6 * 1024**3
_BIG = 10 * 1024 * 1024
_SPANS = 40
CREATE = "mutation($s: [CreateSpanInput!]!) { batchCreateSpans(spans: $s) { createdCount } }"
BIG = '{ spans(filter: {name: {eq: "big"}}, first: 100) { nodes { input } } }'
HOGS = [
    BIG,
    "{ " + " ".join(f"a{at}: {BIG[2:-2].replace('100', '2')}" for at in range(20)) + " }",
    '{ spans(filter: {search: "needle in all of it"}) { totalCount } }',
    '{ spans(filter: {attributes: [{key: "/", level: INPUT, string: {contains: "xxxy"}}]}) { totalCount } }',
    '{ spanStats(first: 1000, groupBy: [{field: "spanId"}, {field: "name"}]) { keys count durationMs { p99 } } }',
    "{ spanStats(buckets: 10000) { bucketStart durationMs { p50 p90 p99 } } }",
]
SMALL = "{ traces(first: 5) { nodes { traceId name } } }"


async def fill(url: str) -> None:
    async with line(url) as one:
        for at in range(_SPANS):
            span = {
                "traceId": f"big{at}",
                "spanId": "a",
                "name": "big",
                "startedAt": "2026-01-31T09:30:00Z",
                "input": "x" * _BIG,
            }
            answer = await one.ask(request(url, CREATE, {"s": [span]}))
            assert answer.is_good, answer.body[:300]


async def attack(url: str, pid: int, seconds: float) -> str:
    await fill(url)
    until = time.monotonic() + seconds
    became = Counter[str]()
    took: dict[str, list[float]] = {"reads": [], "writes": []}
    failed = Counter[str]()

    async def hog(number: int) -> None:
        while time.monotonic() < until:
            async with line(url) as one:
                answer = await one.ask(request(url, HOGS[number % len(HOGS)]))
            code = answer.body.partition(b'"code":"')[2].partition(b'"')[0].decode()
            became[f"{answer.status} {code if not answer.is_good else 'answered'}"] += 1
            number += 1

    async def innocent(kind: str) -> None:
        async with line(url) as one:
            while time.monotonic() < until:
                began = time.monotonic()
                answer = await one.ask(request(url, SMALL) if kind == "reads" else write(url))
                took[kind].append(time.monotonic() - began)
                failed[f"{kind} {answer.status} {answer.body[:200]!r}"] += not answer.is_good
                await asyncio.sleep(0.02)

    await asyncio.gather(*(hog(number) for number in range(6)), innocent("reads"), innocent("writes"))
    counts = f"{len(took['reads']):,} reads and {len(took['writes']):,} writes, {failed.total()} failed"
    return (
        f"hogs: {dict(became)}\nothers: {counts} {dict(+failed)}\nreads {milliseconds(took['reads'])}\n"
        f"writes {milliseconds(took['writes'])}\nmost memory {most_memory(pid):,.0f} MB"
    )


def main() -> None:
    seconds = float(argument("hog", __doc__, "60.0"))
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))  # of the server, which inherits it
    flags = ("--memory-limit", "512MB", "--max-answer-bytes", "256MiB", "--max-body-bytes", "32MiB")
    with (
        TemporaryDirectory() as folder,
        serving("--db", f"{folder}/spans.duckdb", "--demo", "--log-level", "error", *flags) as server,
    ):
        print(asyncio.run(attack(server.url, server.process.pid, seconds)))
        print("ends with", server.stop()[0])


if __name__ == "__main__":
    main()
