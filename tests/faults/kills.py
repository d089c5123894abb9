"""Kills a server again and again while it is written to: nothing acknowledged is lost, no batch is half there.

python -m tests.faults.kills [CYCLES] [SIGNAL]      SIGKILL, or SIGTERM, after which it must end with 0 in 10 s
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from random import Random
from typing import Any

from tests.running import COMMAND, ROOT, environment

_CREATE = "mutation ($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount } }"
_UPDATE = "mutation ($updates: [UpdateSpanInput!]!) { batchUpdateSpans(updates: $updates) { updatedCount } }"
_DELETE = "mutation ($ids: [ID!]!) { batchDeleteTraces(traceIds: $ids) { deletedTraceCount } }"
_WRITERS = 4


class Client(threading.Thread):
    """Writes batches of its own traces, and remembers what each trace is to be: so many spans of some name."""

    def __init__(self, url: str, name: str, seed: int) -> None:
        super().__init__()
        self.url = url
        self.prefix = name
        self.random = Random(seed)
        self.acked: dict[str, tuple[int, str]] = {}
        self.unsure: set[str] = set()
        self.late: list[int] = []
        self.number = 0

    def run(self) -> None:
        """Write until the server is gone."""
        while True:
            trace = f"{self.prefix}-{self.number}"
            self.number += 1
            count = self.random.choice((1, 20, 200, 1_000))
            old = self.random.choice(list(self.acked)) if self.acked and self.random.random() < 0.4 else None
            target = old or trace
            self.unsure.add(target)
            try:
                after = self._write(target, count, old)
            except urllib.error.HTTPError as error:
                self.late.append(error.code)
                return
            except (OSError, ValueError):
                return
            self.unsure.discard(target)
            if after is None:
                self.acked.pop(target, None)
                self.acked[target] = (0, "")
            else:
                self.acked[target] = after

    def _write(self, trace: str, count: int, old: str | None) -> tuple[int, str] | None:
        if old is not None and self.random.random() < 0.3:
            self._ask(_DELETE, {"ids": [trace]})
            return None
        if old is not None and self.acked[trace][0]:
            spans, name = self.acked[trace][0], f"n{self.number}"
            updates = [{"traceId": trace, "spanId": str(i), "name": name} for i in range(spans)]
            self._ask(_UPDATE, {"updates": updates})
            return spans, name
        spans_in = [
            {
                "traceId": trace,
                "spanId": str(i),
                "name": "new",
                "startedAt": "2026-01-01T00:00:00Z",
                "input": {"text": "x" * 300},
            }
            for i in range(count)
        ]
        self._ask(_CREATE, {"spans": spans_in})
        return count, "new"

    def _ask(self, query: str, variables: object) -> None:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.url}/graphql", body, {"content-type": "application/json"})  # noqa: S310 - http to ourselves
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
            if "errors" in json.load(answer):
                raise ValueError


def start(db: Path) -> tuple["subprocess.Popen[str]", str, float]:
    """Start a server; return it, where it is, and the seconds until it was ready."""
    began = time.monotonic()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--db", str(db), "--port", "0"],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    url = ""
    for line in process.stdout:
        if " answers at " in line:
            url = line.split(" answers at ")[1].strip().removesuffix("/graphql")
        if line.startswith("  store:"):
            break
    with urllib.request.urlopen(f"{url}/readyz", timeout=30):  # noqa: S310 - http to ourselves
        return process, url, time.monotonic() - began


def stored(url: str) -> dict[str, tuple[int, set[str]]]:
    """Return the number and the names of the spans of every trace."""
    found: dict[str, tuple[int, set[str]]] = {}
    after = ""
    while True:
        page = f"first: 1000{after}"
        query = f"{{ spans({page}) {{ nodes {{ traceId name }} pageInfo {{ hasNextPage endCursor }} }} }}"
        answer = _answer(url, query)["data"]["spans"]
        for node in answer["nodes"]:
            count, names = found.get(node["traceId"], (0, set[str]()))
            found[node["traceId"]] = (count + 1, names | {node["name"]})
        if not answer["pageInfo"]["hasNextPage"]:
            return found
        after = f', after: "{answer["pageInfo"]["endCursor"]}"'


def _answer(url: str, query: str) -> Any:
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(f"{url}/graphql", body, {"content-type": "application/json"})  # noqa: S310 - http to ourselves
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        return json.load(answer)


def wrong(clients: list[Client], found: dict[str, tuple[int, set[str]]]) -> list[str]:
    """Return the traces that are not what was acknowledged, and those that are half there."""
    bad = []
    for client in clients:
        for trace, (count, name) in client.acked.items():
            if trace not in client.unsure and found.get(trace, (0, set())) != (count, {name} if count else set()):
                bad.append(f"{trace}: {found.get(trace)} and not {count} {name}")
    bad += [
        f"{trace}: half"
        for trace, (count, names) in found.items()
        if len(names) > 1 or count not in {1, 20, 200, 1_000}
    ]
    return bad


def main() -> int:
    """Run the cycles; return what was wrong in them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cycles", nargs="?", type=int, default=20)
    parser.add_argument("signal", nargs="?", choices=("SIGKILL", "SIGTERM"), default="SIGKILL")
    arguments = parser.parse_args()
    cycles, number = arguments.cycles, signal.Signals[arguments.signal]
    random, bad, ready, ends, codes = Random(1), 0, list[float](), list[float](), set[int]()
    late = set[int]()
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "spans.duckdb"
        process, url, _ = start(db)
        for cycle in range(cycles):
            clients = [Client(url, f"{cycle}-{each}", 100 * cycle + each) for each in range(_WRITERS)]
            for client in clients:
                client.start()
            time.sleep(random.uniform(0.1, 2.0))
            began = time.monotonic()
            process.send_signal(number)
            process.wait(60)
            ends.append(time.monotonic() - began)
            codes.add(process.returncode)
            for client in clients:
                client.join()
                late.update(client.late)
            process, url, seconds = start(db)
            ready.append(seconds)
            found = {trace: each for trace, each in stored(url).items() if trace.startswith(f"{cycle}-")}
            faults = wrong(clients, found)
            bad += len(faults)
            print(
                cycle, f"{sum(len(c.acked) for c in clients)} traces, ready in {seconds:.2f} s", faults[:3], flush=True
            )
            _answer(url, "mutation { dangerouslyClearAll { deletedSpanCount } }")
        process.terminate()
        process.wait(60)
    ready.sort()
    print(
        f"{cycles} cycles, {bad} wrong; ready in {ready[len(ready) // 2]:.2f} s (p50), {ready[-1]:.2f} s (max);",
        f"ended in {max(ends):.2f} s (max) with {codes}; late answers {late}",
    )
    return bad


if __name__ == "__main__":
    sys.exit(main())
