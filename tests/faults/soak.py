"""Loads a server for long with writes, reads, followers and deletes: its memory does not grow.

python -m tests.faults.soak [MINUTES] [--pause SECONDS]      half an hour by default, with pauses of 0.05 seconds

The least of each two minutes counts, after the first half: what the store may hold must have filled up before. More
than 1 MB in ten minutes is too much.
"""

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path
from random import Random

from tests.benchmarks.machine import resident_mb
from tests.running import Running, serving

from .clients import Client, ask

_SLOPE = 0.1
"""MB a minute."""
_WINDOW = 2.0
"""Minutes."""
_READS = (
    "{ traces(first: 50) { totalCount nodes { name spanCount rootSpan { input } } } }",
    '{ spans(first: 100, filter: {search: "xx"}) { nodes { traceId name attributes } } }',
    '{ spanStats(groupBy: [{field: "name"}]) { keys count durationMs { p95 } } }',
    "{ nothing }",
)


def read(server: Running, stop: threading.Event, seed: int, pause: float) -> None:
    """Ask now and then, in ways that the server has not seen yet."""
    random = Random(seed)
    while not stop.wait(pause):
        query = random.choice(_READS).replace("first: 50", f"first: {random.randrange(1, 60)}")
        try:
            ask(server.url, query)
        except (OSError, ValueError):
            if server.process.poll() is not None:
                return


def slope(points: list[tuple[float, float]]) -> float:
    """Return how much a line through some points rises, by least squares."""
    middle = sum(x for x, _ in points) / len(points)
    level = sum(y for _, y in points) / len(points)
    width = sum((x - middle) ** 2 for x, _ in points)
    return sum((x - middle) * (y - level) for x, y in points) / width if width else 0.0


def lows(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the least of each window of points: what was there at every moment of it."""
    found = dict[int, tuple[float, float]]()
    for x, y in points:
        window = int(x // _WINDOW)
        found[window] = min(found.get(window, (x, y)), (x, y), key=lambda point: point[1])
    return list(found.values())


def main() -> int:
    """Load it; return whether its memory grew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", nargs="?", type=float, default=30)
    parser.add_argument("--pause", type=float, default=0.05)
    arguments = parser.parse_args()
    minutes, pause = arguments.minutes, arguments.pause
    points = list[tuple[float, float]]()
    kept = ("--max-db-size", "30MB", "--upkeep-interval", "5", "--memory-limit", "128MB")
    with tempfile.TemporaryDirectory() as folder, serving("--db", str(Path(folder) / "s.duckdb"), *kept) as server:
        stop = threading.Event()
        clients = [Client(server.url, f"soak{number}", number, pause=pause) for number in range(3)]
        others = [threading.Thread(target=read, args=(server, stop, number, pause)) for number in range(2)]
        for thread in (*clients, *others):
            thread.start()
        began = time.monotonic()
        while (passed := (time.monotonic() - began) / 60) < minutes:
            time.sleep(5)
            points.append((passed, resident_mb(server.process.pid)))
            descriptors = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
            print(f"{passed:5.1f} min {points[-1][1]:7.1f} MB {descriptors} descriptors", flush=True)
        stop.set()
        server.stop()
        for thread in (*clients, *others):
            thread.join()
    grows = slope(lows([(x, y) for x, y in points if x > minutes / 2]))
    print(f"{sum(client.spans for client in clients):,} spans in {minutes} min; {10 * grows:+.2f} MB in ten minutes")
    return grows > _SLOPE


if __name__ == "__main__":
    sys.exit(main())
