"""`python -m tests.benchmarks.beside_hand_written`: reads beside a hand-written server over the same file.

Both are asked in turn, over HTTP, by one client and by eight; what counts is the ratio of requests a second, the median
of the rounds, which no machine makes better or worse by being fast.
"""

import http.client
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from tests.running import serving

from .hand_written import SPAN_FIELDS, TRACE_FIELDS
from .peers import port_of
from .spans import Source
from .wire import Connection
from .writing import send_from_many

TARGET = 0.8
_ROUNDS, _SECONDS = 5, 1.0
_BATCHES = 100


def _rate(port: int, path: str, body: bytes | None, clients: int) -> float:
    """Return how many requests a second are answered."""
    done: list[int] = []

    def run() -> None:
        answered = 0
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            while perf_counter() < end:
                connection.request(
                    "POST" if body else "GET", path, body, {"content-type": "application/json"} if body else {}
                )
                answer = connection.getresponse().read()
                assert answer.startswith(b'{"data":'), answer[:200]
                answered += 1
        done.append(answered)

    end = perf_counter() + _SECONDS
    threads = [threading.Thread(target=run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / _SECONDS


def _cases(ten: str, thousand: str) -> list[tuple[str, str, str]]:
    return [
        ("{__typename}", "{__typename}", "/nothing"),
        ("trace of 10", f'{{trace(traceId:"{ten}"){{spans{{nodes{{{SPAN_FIELDS}}}}}}}}}', f"/trace/{ten}"),
        ("newest 50", f"{{traces(first:50){{nodes{{{TRACE_FIELDS}}}}}}}", "/traces"),
        (
            "trace of 1,000",
            f'{{trace(traceId:"{thousand}"){{spans(first:1000){{nodes{{{SPAN_FIELDS}}}}}}}}}',
            f"/trace/{thousand}",
        ),
        (
            "50 by status",
            f"{{traces(first:50,filter:{{status:{{eq:ERROR}}}}){{nodes{{{TRACE_FIELDS}}}}}}}",
            "/traces/ERROR",
        ),
    ]


def _compare(ours: int, theirs: int, ten: str, thousand: str) -> None:
    for clients in (1, 8):
        for name, query, path in _cases(ten, thousand):
            body = json.dumps({"query": query}).encode()
            ratios: list[float] = []
            for turn in range(_ROUNDS + 1):  # the first makes plans
                mine = _rate(ours, "/graphql", body, clients)
                ratios += [mine / _rate(theirs, path, None, clients)] if turn else []
            met = "yes" if median(ratios) >= TARGET else "no"
            sys.stdout.write(f"{clients} clients  {name:15} {median(ratios):.2f} x hand-written  >= {TARGET}: {met}\n")
            sys.stdout.flush()


def main() -> None:
    """Fill a store, serve it and a copy of it, and compare."""
    source = Source(10)
    with tempfile.TemporaryDirectory() as folder:
        store, copy = Path(folder) / "spans.duckdb", Path(folder) / "copy.duckdb"
        with serving("--db", str(store)) as server:
            send_from_many(port_of(server), [source.next().create for _ in range(_BATCHES)])
            big = source.big(1_000)
            with closing(Connection(port_of(server))) as connection:
                connection.ask(big.create)
            server.stop()
        shutil.copy(store, copy)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "tests.benchmarks.hand_written", str(copy), str(port)]
        with serving("--db", str(store)) as server, subprocess.Popen(command) as hand_written:
            sleep(2)
            _compare(port_of(server), port, source.batch(_BATCHES // 2).trace_ids[0], big.trace_ids[0])
            hand_written.terminate()
            server.stop()


if __name__ == "__main__":
    main()
