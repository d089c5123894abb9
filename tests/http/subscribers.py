"""`python -m tests.http.subscribers` shows what 1,000 subscribers that never read cost in memory, and others in time.

Each subscribes to whole spans over WebSocket and then reads no byte, while spans are written for 40 seconds.
"""

import argparse
import json
import sys
import threading
import time
import urllib.request
from pathlib import Path

from tests.running import Running, serving

from .raw_sockets import INIT, Raw, ask

SUBSCRIBERS = 1_000
WRITING = 40.0
QUIET = 10.0
PATIENCE = 30.0
QUERY = "subscription { spans { cursor span { name input } } }"
TEXT = "x" * 20_000


def resident(server: Running) -> float:
    """Return the memory of the server in MiB."""
    for line in Path(f"/proc/{server.process.pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("The server has no memory.")


def open_sockets(server: Running) -> int:
    """Return how many files and sockets the server has open."""
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


def create(number: int) -> str:
    """Return a mutation that writes a span of 20 KB."""
    return (
        f'mutation {{ createSpan(span: {{traceId: "t{number}", spanId: "s", name: "n", input: "{TEXT}", '
        'startedAt: "2026-01-31T09:30:00Z"}) { span { name } } }'
    )


def write(server: Running, seconds: float, first: int) -> int:
    """Write spans one after the other, at most fifty a second; returns how many."""
    end = time.monotonic() + seconds
    count = first
    while time.monotonic() < end:
        server.ask(create(count))
        count += 1
        time.sleep(0.02)
    return count


def p99(server: Running, seconds: float) -> float:
    """Return how many milliseconds a small query takes, 99 of 100 times."""
    taken = list[float]()
    end = time.monotonic() + seconds
    body = json.dumps({"query": "{ traces(first: 10) { nodes { name } } }"}).encode()
    while time.monotonic() < end:
        begin = time.perf_counter()
        request = urllib.request.Request(f"{server.url}/graphql", body, {"content-type": "application/json"})  # noqa: S310 - http to ourselves
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - http to ourselves
            answer.read()
        taken.append((time.perf_counter() - begin) * 1_000)
        time.sleep(0.02)
    taken.sort()
    return taken[int(len(taken) * 0.99)]


def subscribe(server: Running) -> Raw:
    """Return a subscriber that has asked and will read nothing."""
    raw = Raw(server.url)
    raw.socket.setsockopt(1, 8, 4_096)  # SOL_SOCKET, SO_RCVBUF: its system takes little for it
    raw.send(INIT, ask(QUERY))
    return raw


def measure(server: Running, seconds: float, first: int) -> tuple[int, float]:
    """Write and ask at the same time; returns the number of spans there are, and the 99th percentile."""
    found = list[float]()
    asking = threading.Thread(target=lambda: found.append(p99(server, seconds)))
    asking.start()
    count = write(server, seconds, first)
    asking.join()
    return count, found[0]


def main() -> int:
    """Measure, and say what was found."""
    argparse.ArgumentParser(prog="python -m tests.http.subscribers", description=__doc__).parse_args()
    with serving("--db", ":memory:", "--max-streams", str(SUBSCRIBERS)) as server:
        count, without = measure(server, QUIET, 0)
        before, files = resident(server), open_sockets(server)
        silent = [subscribe(server) for _ in range(SUBSCRIBERS)]
        begin = time.monotonic()
        largest, gone = before, 0.0
        done = threading.Event()

        def watch() -> None:
            nonlocal largest, gone
            while not done.wait(0.5):
                largest = max(largest, resident(server))
                if not gone and open_sockets(server) <= files + 5:
                    gone = time.monotonic() - begin

        watching = threading.Thread(target=watch)
        watching.start()
        count, with_them = measure(server, WRITING, count)
        deadline = time.monotonic() + PATIENCE
        while not gone and time.monotonic() < deadline:
            time.sleep(0.5)
        done.set()
        watching.join()
        sys.stdout.write(
            f"{SUBSCRIBERS:,} subscribers that never read, {count:,} spans of 20 KB\n"
            f"memory: {before:.0f} MiB before, at most {largest:.0f} MiB, {resident(server):.0f} MiB at the end\n"
            f"all cut off {gone:.1f} s after the writing began\n"
            f"p99 of a query: {without:.1f} ms without them, {with_them:.1f} ms with them\n"
        )
        for raw in silent:
            raw.end()
    return 0 if 0 < gone <= 30 and largest - before <= 200 else 1


if __name__ == "__main__":
    raise SystemExit(main())
