"""Stops a server again and again while it is written to: nothing acknowledged is lost, no batch is half there.

python -m tests.faults.kills [CYCLES] [--signal SIGTERM] [--first] [--spans N]

After SIGKILL the server must be ready again in a second. After SIGTERM it must end with code 0 within ten seconds and
leave nothing in the write-ahead log, and whoever comes late is refused with 503 or finds nobody. `--first` lets it be
process 1 of a namespace of its own, as in a container (Linux, as root). `--spans` is how many the store has before.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.benchmarks.spans import BATCH, Source
from tests.running import COMMAND, ROOT, environment

from .clients import CREATE, Client, ask, stored, wrong

_WRITERS = 4
_READY, _ENDED = 1.0, 10.0
"""Seconds that a start after a kill, and an end, may take."""
_NAMESPACE = ("unshare", "--pid", "--fork", "--kill-child")


@dataclass
class Seen:
    """What the cycles showed."""

    faults: list[str] = field(default_factory=list[str])
    ready: list[float] = field(default_factory=list[float])
    ends: list[float] = field(default_factory=list[float])
    codes: set[int] = field(default_factory=set[int])
    late: set[str] = field(default_factory=set[str])
    spans: int = 0

    def __str__(self) -> str:
        ready = sorted(self.ready)
        return (
            f"{len(ready)} cycles, {self.spans:,} spans acknowledged, {len(self.faults)} wrong {self.faults[:5]}; "
            f"ready in {ready[len(ready) // 2]:.2f} s (p50), {ready[-1]:.2f} s (max); "
            f"ended in {max(self.ends):.2f} s (max) with {self.codes}; late requests: {sorted(self.late)}"
        )


class Server:
    """A server that is started and stopped again and again."""

    def __init__(self, db: Path, *, first: bool) -> None:
        self.db = db
        self._prefix = _NAMESPACE if first else ()
        self.start()

    def start(self) -> float:
        """Start, and return the seconds until it was ready."""
        began = time.monotonic()
        self.process = subprocess.Popen(
            [*self._prefix, *COMMAND, "serve", "--db", str(self.db), "--port", "0", "--log-level", "error"],
            cwd=ROOT,
            env=environment(PYTHONFAULTHANDLER="1", PYTHONDONTWRITEBYTECODE=""),  # bytecode is compiled, as pip does it
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if " answers at " in line:
                self.url = line.split(" answers at ")[1].strip().removesuffix("/graphql")
            if line.startswith("  store:"):
                break
        ask(self.url, "{ traces(first: 1) { totalCount } }")
        return time.monotonic() - began

    def stop(self, number: signal.Signals, seen: Seen) -> None:
        """Send a signal and wait for the end."""
        began = time.monotonic()
        os.kill(self._pid(), number)
        while self.process.poll() is None:
            seen.late.add(self._late())
            time.sleep(0.005)
        seen.ends.append(time.monotonic() - began)
        seen.codes.add(self.process.returncode)

    def _pid(self) -> int:
        own = self.process.pid
        children = Path(f"/proc/{own}/task/{own}/children")
        return int(children.read_text(encoding="ascii").split()[0]) if self._prefix else own

    def _late(self) -> str:
        try:
            ask(self.url, "{ __typename }")
        except urllib.error.HTTPError as error:
            return str(error.code)
        except OSError:
            return "nobody"
        return "200"


def cycle(server: Server, number: int, sent: signal.Signals, seen: Seen) -> None:
    """Let clients write for a while, stop the server, start it again, and compare."""
    random = Random(number)
    clients = [Client(server.url, f"{number}-{each}", 100 * number + each) for each in range(_WRITERS)]
    for client in clients:
        client.start()
    time.sleep(random.uniform(0.1, 2.0))
    server.stop(sent, seen)
    for client in clients:
        client.join()
        seen.late |= {str(code) for code in client.late}
        seen.spans += client.spans
    log = Path(f"{server.db}.wal")
    left = log.stat().st_size if log.exists() else 0
    if sent is signal.SIGTERM and left:
        seen.faults.append(f"cycle {number}: {left} bytes are left in the log")
    seen.ready.append(server.start())
    ours = {trace_id for client in clients for trace_id in (*client.acked, *client.unsure)}
    seen.faults += wrong(clients, stored(server.url, f"{number}-"))
    print(
        number,
        seen.codes,
        f"{len(ours)} traces, log of {left:,} bytes, ready in {seen.ready[-1]:.2f} s",
        seen.faults[:3],
        flush=True,
    )
    ask(
        server.url,
        "mutation ($ids: [ID!]!) { batchDeleteTraces(traceIds: $ids) { deletedSpanCount } }",
        {"ids": list(ours)},
    )


def fill(url: str, spans: int) -> None:
    """Store spans that nobody speaks of again."""
    source = Source(10)
    for _ in range(spans // BATCH):
        ask(url, CREATE, {"spans": source.next().spans})


def main() -> int:
    """Run the cycles; return how much was wrong in them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cycles", nargs="?", type=int, default=20)
    parser.add_argument("--signal", choices=("SIGKILL", "SIGTERM"), default="SIGKILL")
    parser.add_argument("--first", action="store_true")
    parser.add_argument("--spans", type=int, default=0)
    arguments = parser.parse_args()
    sent, seen = signal.Signals[arguments.signal], Seen()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "spans.duckdb", first=arguments.first)
        fill(server.url, arguments.spans)
        for number in range(arguments.cycles):
            cycle(server, number, sent, seen)
        server.stop(signal.SIGTERM, Seen())
    print(seen)
    if sent is signal.SIGTERM:
        bad = seen.codes != {0} or max(seen.ends) > _ENDED or not seen.late <= {"200", "503", "nobody"}
    else:
        bad = seen.codes != {-sent} or sorted(seen.ready)[len(seen.ready) // 2] > _READY
    return len(seen.faults) + bad


if __name__ == "__main__":
    sys.exit(main())
