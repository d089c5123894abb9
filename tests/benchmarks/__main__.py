"""`python -m tests.benchmarks`: the real server over HTTP, beside raw DuckDB on the same data in the same minutes.

One table is printed, kept with date, machine and versions in `results/`, and put into `docs/performance.md`. `--size`
is how many spans the store is filled with first; `--short` takes 100k and a few minutes; `--install` also measures a
fresh installation; `--peers` also gives 20,000 spans to those of Arize Phoenix and Mastra's stores that are installed.
"""

import argparse
import compileall
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

from tests.running import ROOT, Running, serving

from . import table
from .beside_hand_written import compared, hand_written
from .figures import Row, at_most, timed_row, within
from .machine import install_mb, machine, resident_mb
from .peers import Bounds, Peer, measured, port_of
from .peers_mastra import Mastra
from .peers_phoenix import Phoenix
from .raw import RawReader, RawWriter, arrow_spans
from .reading import ask, deep_place, list_request, questions, request
from .shapes import beside_whole, growing
from .spans import BATCH, Source
from .together import commit_tail, reads_during_ingest
from .wire import Connection, Refused
from .writing import Load, batch_by_batch, update_rate

_SIZES = {"10k": 10, "100k": 100, "1M": 1_000, "10M": 10_000}
"""Batches that the store is filled with."""
_ROUNDS = 10
_BESIDE_RAW = 1_000
"""Batches that are also inserted into the raw table, which is enough to know its rate."""
_SHAPED = 15
"""Batches of each measurement of shapes, of which there are eight in a round."""
_IMPORTS = "import duckdb, strawberry, starlette.applications, uvicorn, uvloop"
"""What any server over these libraries does before it starts."""


@dataclass(frozen=True)
class Plan:
    """How long the benchmark goes on."""

    batches: int
    times: int
    seconds: float
    minutes: float
    written: int
    rounds: int
    grown: int


class Benchmark:
    """Runs the operations one after another, and prints each row as it is known."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._store = folder / "spanwell.duckdb"
        self._copy = folder / "copy.duckdb"
        self._raw = folder / "raw.duckdb"
        self._source = Source(10 if plan.batches <= 100 else 40)
        self._end = monotonic() + plan.minutes * 60
        self.rows: list[Row] = []
        self.spans = 0
        """How many there are when the questions are asked."""
        self._first_lists: list[float] = []
        self._big: dict[int, str] = {}

    def run(self) -> None:
        """Fill the store, then ask and write."""
        compileall.compile_dir(ROOT / "server", quiet=2)  # as an installer does: a start reads Python's bytecode
        with closing(RawWriter(self._raw)) as raw:
            self._fill(raw)
            self._say("copying the store for raw DuckDB")
            shutil.copy(self._store, self._copy)
            began = perf_counter()
            with serving("--db", str(self._store)) as server:
                self._note(self._started("start on the filled store", perf_counter() - began))
                self._use(server, port_of(server), raw)
                server.stop()
            self._note(self._pauses(raw))

    def _started(self, name: str, seconds: float) -> Row:
        began = perf_counter()
        subprocess.run([sys.executable, "-c", _IMPORTS], check=True)
        row = Row(name, "s", seconds, reference=perf_counter() - began, beside="the imports alone")
        return at_most(3).judged(row)

    def _fill(self, raw: RawWriter) -> None:
        began = perf_counter()
        with serving("--db", str(self._store)) as server:
            self._note(self._started("start on an empty store", perf_counter() - began))
            port = port_of(server)
            with closing(Connection(port)) as connection:
                connection.ask(request("{ __typename }"))
            self._note(within(150, "MB").judged(Row("memory when idle", "MB", resident_mb(server.process.pid))))
            for row in self._load(Load(port, self._source, raw)):
                self._note(row)
            self.spans = self._source.taken * BATCH
            with closing(Connection(port)) as connection:
                for size in (1_000, 10_000):
                    batch = self._source.big(size)
                    connection.ask(batch.create)
                    self.spans += size
                    (self._big[size],) = batch.trace_ids
            server.stop()

    def _load(self, load: Load) -> list[Row]:
        batches = self._plan.batches // _ROUNDS
        half = monotonic() + (self._end - monotonic()) / 2
        for number in range(_ROUNDS):
            load.round(batches, beside_raw=self._source.taken < _BESIDE_RAW)
            self._say(f"{self._source.taken * BATCH:,} spans are stored, {load.rates[-1]:,.0f} a second")
            if number == 0:
                self._first_lists = self._lists(load.port)
            if monotonic() > half:
                self._say("the filling ends here: half of the time is over")
                break
        return load.rows

    def _lists(self, port: int) -> list[float]:
        """Return how long the newest traces take, in milliseconds."""
        body, times = list_request(), list[float]()
        with closing(Connection(port)) as connection:
            for _ in range(self._plan.times + 1):
                began = perf_counter()
                connection.ask(body)
                times.append((perf_counter() - began) * 1_000)
        return times[1:]

    def _use(self, server: Running, port: int, raw: RawWriter) -> None:
        with closing(Connection(port)) as connection, closing(RawReader(self._copy)) as reader:
            for question in questions(self._source, self._big, deep_place(connection, reader)):
                self._note(ask(question, connection, reader, self._plan.times))
        grown = timed_row("newest 50 traces, all the data", self._lists(port), self._first_lists, "a tenth of the data")
        self._note(at_most(1.3).judged(grown))
        for part in self._parts(port, raw):
            try:
                for row in part():
                    self._note(row)
            except (Refused, OSError) as error:
                self._say(f"an operation failed, and is not in the table: {error}")
        self._note(Row("memory after all that", "MB", resident_mb(server.process.pid)))

    def _parts(self, port: int, raw: RawWriter) -> Sequence[Callable[[], Iterable[Row]]]:
        plan, source = self._plan, self._source
        return (
            lambda: self._beside_hand_written(port),
            lambda: batch_by_batch(port, source, raw, plan.written),
            lambda: [update_rate(port, source, raw, plan.written)],
            lambda: reads_during_ingest(port, source, plan.written * 2),
            lambda: commit_tail(port, source, plan.seconds * 4, raw),
            lambda: beside_whole(port, source, _SHAPED, plan.rounds),
            lambda: growing(port, plan.grown),
        )

    def _beside_hand_written(self, port: int) -> Iterator[Row]:
        ten = self._source.batch(self._source.taken // 2).trace_ids[0]
        with hand_written(self._copy) as theirs:
            yield from compared(port, theirs, ten, self._big[1_000], self._plan.seconds / 5)

    def _pauses(self, raw: RawWriter) -> Row:
        """Return how long collections of garbage stop the server under reads and writes, beside a batch's insert."""
        with serving("--db", ":memory:", module="tests.benchmarks.watched") as server:
            source, port = Source(4), port_of(server)
            with closing(Connection(port)) as connection:
                for _ in range(20):
                    connection.ask(source.next().create)
                for _ in range(self._plan.times * 4):
                    connection.ask(list_request())
            _, said = server.stop()
        pauses = json.loads(said.splitlines()[-1])["pauses"] or [0.0]
        inserted = [raw.insert(arrow_spans(source.next())) for _ in range(20)]
        return at_most(4, "p99").judged(timed_row("stops to collect garbage", pauses, inserted))

    def _note(self, row: Row) -> None:
        self.rows.append(row)
        self._say(f"{row.operation}: {table.figure(row.p50, row.unit)}")

    def _say(self, sentence: str) -> None:
        left = max(0.0, self._end - monotonic())
        sys.stderr.write(f"[{left:4.0f} s left] {sentence}\n")


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    made = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    made.add_argument("--size", choices=_SIZES, default="1M", help="spans in the store; 1M unless told otherwise")
    made.add_argument("--short", action="store_true", help="100k spans, in two minutes; nothing is kept")
    made.add_argument("--install", action="store_true", help="also measure a fresh installation")
    made.add_argument("--peers", action="store_true", help="also measure the peers that are installed")
    made.add_argument("--phoenix", metavar="COMMAND", help="Phoenix's command, if it is not on the path")
    made.add_argument("--mastra", metavar="FOLDER", type=Path, help="whose node_modules have Mastra's stores")
    made.add_argument("--folder", type=Path, help="where the files go until the end; a fresh one on the system's disk")
    return made


def _plan(arguments: argparse.Namespace) -> Plan:
    if arguments.short:
        return Plan(batches=_SIZES["100k"], times=15, seconds=2, minutes=2, written=15, rounds=1, grown=5_000)
    minutes = 40 if arguments.size == "10M" else 10
    return Plan(
        batches=_SIZES[arguments.size], times=60, seconds=5, minutes=minutes, written=40, rounds=5, grown=100_000
    )


def peers(arguments: argparse.Namespace) -> list[Peer]:
    """Return the peers, wherever they are said to be."""
    return [Phoenix(arguments.phoenix), *(Mastra(kind, arguments.mastra) for kind in ("duckdb", "libsql"))]


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


def _stop(*_: object) -> None:
    raise SystemExit("The benchmark was stopped; its server and its files are gone.")


def main() -> None:
    """Run the benchmark, print its table, and keep it."""
    arguments = parser().parse_args()
    signal.signal(signal.SIGTERM, _stop)
    results: dict[str, Any] = {**machine(), "size": arguments.size}
    with tempfile.TemporaryDirectory(prefix="spanwell-benchmark-", dir=arguments.folder) as folder:
        benchmark = Benchmark(_plan(arguments), Path(folder))
        benchmark.run()
        rows = benchmark.rows
        if arguments.install:
            rows.append(within(150, "MB").judged(Row("a fresh installation", "MB", install_mb())))
    results |= {"spans": benchmark.spans, "rows": [row.document() for row in rows]}
    if arguments.peers:
        bounds = Bounds(batches=5, seconds=30, times=10) if arguments.short else Bounds()
        beside = measured(peers(arguments), bounds, arguments.folder, _say)
        results["peers"] = [row.document() for row in beside]
    sys.stdout.write(table.printed(results) + "\n")
    if not arguments.short:
        kept = table.RESULTS / f"{results['date'][:10]}-{arguments.size}.json"
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        table.main()


if __name__ == "__main__":
    main()
