"""`python -m tests.benchmarks.beside_hand_written`: reads beside a hand-written server over the same file.

Both are asked in turn, over HTTP, by one client and by eight; what counts is the ratio of requests a second, the median
of the rounds, which no machine makes better or worse by being fast.
"""

import argparse
import http.client
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from tests.running import serving

from .figures import Row, at_least
from .hand_written import SPAN_FIELDS, TRACE_FIELDS
from .peers import port_of
from .spans import Source
from .table import print_rows
from .wire import Connection
from .writing import send_from_many

TARGET = 0.8
_ROUNDS = 5
_STARTING = 2.0
"""Seconds that the hand-written server takes until it answers."""
_BATCHES = 100


def _rate(port: int, path: str, body: bytes | None, clients: int, seconds: float) -> float:
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

    end = perf_counter() + seconds
    threads = [threading.Thread(target=run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds


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


def compared(ours: int, theirs: int, ten: str, thousand: str, seconds: float = 1.0) -> Iterator[Row]:
    """Yield a row for each case and number of clients: requests a second at our port, beside those at theirs.

    `ten` and `thousand` are the ids of traces of so many spans.
    """
    for clients in (1, 8):
        for name, query, path in _cases(ten, thousand):
            body = json.dumps({"query": query}).encode()
            rates: list[tuple[float, float]] = []
            for turn in range(_ROUNDS + 1):  # the first makes plans
                both = _rate(ours, "/graphql", body, clients, seconds), _rate(theirs, path, None, clients, seconds)
                rates += [both] if turn else []
            rate, share = median(mine for mine, _ in rates), median(mine / other for mine, other in rates)
            name_of_row = f"{name}, {clients} client{'s' if clients > 1 else ''}"
            row = Row(name_of_row, "requests/s", rate, reference=rate / share, beside="hand-written")
            yield at_least(TARGET).judged(row)


@contextmanager
def hand_written(copy: Path) -> Generator[int]:
    """Serve a copy of a store by hand-written SQL; gives the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, "-m", "tests.benchmarks.hand_written", str(copy), str(port)]) as process:
        try:
            sleep(_STARTING)
            yield port
        finally:
            process.terminate()


def main() -> None:
    """Fill a store, serve it and a copy of it, and compare."""
    argparse.ArgumentParser(prog="python -m tests.benchmarks.beside_hand_written", description=__doc__).parse_args()
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
        ten = source.batch(_BATCHES // 2).trace_ids[0]
        with serving("--db", str(store)) as server, hand_written(copy) as port:
            for row in compared(port_of(server), port, ten, big.trace_ids[0]):
                print_rows([row])
            server.stop()


if __name__ == "__main__":
    main()
