"""Fills the disk of a server, again and again: reads never stop, writes are refused clearly, nothing acked is lost.

python -m tests.faults.disk_full [ROUNDS]      as root, on Linux: each round mounts a tmpfs of 60 MB
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.running import Running, serving

_CREATE = "mutation ($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount } }"


@contextmanager
def small_disk(size: str) -> Generator[Path]:
    """Give a folder with a file system of its own."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)  # noqa: S607 - as root's shell would
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)  # noqa: S607 - as above


def send(server: Running, trace: str, count: int, random: Random) -> tuple[int, str | None]:
    """Return the status of a batch of spans, and its Retry-After."""
    spans = [
        {
            "traceId": trace,
            "spanId": f"{i}",
            "name": "n",
            "startedAt": "2026-01-01T00:00:00Z",
            "input": random.randbytes(500).hex(),
        }
        for i in range(count)
    ]
    body = json.dumps({"query": _CREATE, "variables": {"spans": spans}}).encode()
    request = urllib.request.Request(f"{server.url}/graphql", body, {"content-type": "application/json"})  # noqa: S310 - http to ourselves
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
            failed = "errors" in json.load(answer)
            return (500 if failed else 200), None
    except urllib.error.HTTPError as error:
        return error.code, error.headers["retry-after"]


def reads(server: Running, stop: threading.Event, found: Counter[str]) -> None:
    """Count how reads are answered."""
    while not stop.is_set():
        try:
            answer = server.ask("{ traces(first: 5) { totalCount nodes { name } } }")
            found["failed" if "errors" in answer else "read"] += 1
        except OSError:
            found["failed"] += 1
        time.sleep(0.02)


def ready(server: Running) -> int:
    """Return the status of the readiness probe."""
    try:
        with urllib.request.urlopen(f"{server.url}/readyz", timeout=5) as answer:  # noqa: S310 - http to ourselves
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def fill_and_heal(size: str, seed: int) -> dict[str, object]:
    """Fill a disk with spans, then entirely, then give it room; return what was seen."""
    random = Random(seed)
    with small_disk(size) as folder, serving("--db", str(folder / "s.duckdb"), "--log-level", "warning") as server:
        stop, read, statuses = threading.Event(), Counter[str](), Counter[str]()
        reader = threading.Thread(target=reads, args=(server, stop, read))
        reader.start()
        acked: list[str] = []

        def write(trace: str) -> int:
            count = random.choice((5, 50, 500))
            status, retry = send(server, trace, count, random)
            statuses[f"{status}{'' if status == 200 or retry else ' without Retry-After'}"] += 1
            if status == 200:
                acked.append(f"{trace}:{count}")
            return status

        for number in range(2_000):
            if write(f"a{number}") != 200 and number > 20 and statuses["503"] > 50:
                break
        rest = folder / "rest"
        with rest.open("wb") as file:
            try:
                while True:
                    file.write(bytes(65_536))
                    file.flush()
            except OSError:
                pass
        for number in range(50):
            write(f"b{number}")
        full = ready(server)
        rest.unlink(missing_ok=True)
        subprocess.run(["mount", "-o", "remount,size=400m", str(folder)], check=True)  # noqa: S607 - as above
        began = time.monotonic()
        while write(f"c{time.monotonic_ns()}") != 200 and time.monotonic() < began + 20:
            time.sleep(0.05)
        healed = time.monotonic() - began
        stop.set()
        reader.join()
        counts = {
            node["traceId"]: node["spanCount"]
            for first in range(0, 10_000, 1_000)
            for node in server.ask(f"{{ traces(first: 1000, offset: {first}) {{ nodes {{ traceId spanCount }} }} }}")[
                "data"
            ]["traces"]["nodes"]
        }
        lost = [each for each in acked if counts.get(each.partition(":")[0]) != int(each.partition(":")[2])]
        return {
            "acked": len(acked),
            "lost": len(lost),
            "statuses": dict(statuses),
            "reads": dict(read),
            "readyz when full": full,
            "readyz healed": ready(server),
            "healed in s": round(healed, 2),
        }


def main() -> int:
    """Run some rounds; return how many of them were not right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", nargs="?", type=int, default=3)
    rounds = parser.parse_args().rounds
    wrong = 0
    for seed in range(rounds):
        seen = fill_and_heal("60m", seed)
        print(seen, flush=True)
        others = "without" in str(seen["statuses"]) or "'500" in str(seen["statuses"])
        wrong += bool(seen["lost"]) or "failed" in str(seen["reads"]) or others
    return wrong


if __name__ == "__main__":
    sys.exit(main())
