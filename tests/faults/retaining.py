"""Lets a large store shrink to half of its size beside writes and reads: nobody waits long, and the room goes back.

python -m tests.faults.retaining [SPANS]      2,540,000 by default, which are made of 20,000 within the file
"""

import argparse
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from tests.benchmarks.spans import BATCH, TRACE, Batch, Template
from tests.running import Running, serving

from .clients import CREATE, ask

_SEED = 20_000
_STALL, _ROOM, _EXTRA = 0.25, 1.3, 1.0
"""The most seconds that a request may take, how much larger than a fresh copy the file may be in the end, and how much
more of the disk than at the beginning may be taken meanwhile, as a share of a fresh copy."""
_PATIENCE = 900.0
_READS = (
    "{ traces(first: 20) { nodes { traceId name spanCount } } }",
    "{ storage { bytes used } }",
    '{ spans(first: 20, filter: {type: {eq: "tool_call"}}) { nodes { traceId name } } }',
)


@dataclass
class Timed(threading.Thread):
    """Asks the same questions in turn, a few times a second, and remembers how long each took."""

    url: str
    asked: list[tuple[str, object]]
    pause: float
    took: list[float] = field(default_factory=list[float])
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Ask until it is to stop."""
        while not self.stop.wait(self.pause):
            query, variables = self.asked[len(self.took) % len(self.asked)]
            began = time.monotonic()
            ask(self.url, query, variables)
            self.took.append(time.monotonic() - began)

    def __str__(self) -> str:
        took = sorted(self.took)
        late = sum(seconds > _STALL for seconds in took)
        return f"{len(took):,} took {took[len(took) // 2]:.3f} s (p50), {took[-1]:.3f} s (max), {late} over {_STALL} s"


def fill(db: Path, spans: int) -> None:
    """Make a store whose spans are copies of some that a server stored, each a week older than the copy before."""
    with serving("--db", str(db)) as server:
        template = Template(1)
        for number in range(_SEED // BATCH):
            ask(server.url, CREATE, {"spans": Batch(number, template).spans})
    with duckdb.connect() as file:
        file.execute(f"ATTACH '{db}' AS store (ROW_GROUP_SIZE 16384)")
        file.execute("USE store")
        file.execute("SET wal_autocheckpoint = '1GB'")
        indexes = file.execute("SELECT index_name, sql FROM duckdb_indexes()").fetchall()
        for name, _ in indexes:
            file.execute(f"DROP INDEX {name}")
        for table, rows in (("spans", _SEED), ("traces", _SEED // TRACE)):
            for number in range(1, spans // _SEED):
                file.execute(_copied(file, table, number, rows))
        for _, made in indexes:
            file.execute(made)


def _copied(file: duckdb.DuckDBPyConnection, table: str, number: int, rows: int) -> str:
    """Return the statement that adds one more copy of what the server stored."""
    found = file.execute(f"DESCRIBE {table}").fetchall()
    columns = [
        f"printf('%04x', {number}) || substr(trace_id, 5)"
        if name == "trace_id"
        else f"{name} - INTERVAL ({7 * number}) DAY"
        if kind == "TIMESTAMP_NS"
        else f'"{name}"'
        for name, kind, *_ in found
    ]
    chosen = ", ".join(columns)
    return f"INSERT INTO {table} SELECT {chosen} FROM {table} WHERE rowid < {rows}"


def fresh(db: Path) -> int:
    """Return the bytes of a copy of a store, table by table, in row groups of the same size."""
    copy = db.with_name("fresh.duckdb")
    with duckdb.connect() as root:
        root.execute(f"ATTACH '{db}' AS old (READ_ONLY)")
        root.execute(f"ATTACH '{copy}' AS new (ROW_GROUP_SIZE 16384)")
        root.execute("COPY FROM DATABASE old TO new")
    return copy.stat().st_size


def on_disk(db: Path) -> int:
    """Return the bytes of all files of a store."""
    return sum(path.stat().st_size for path in db.parent.glob(f"{db.name}*"))


def shrink(server: Running, db: Path, bound: int, clients: list[Timed]) -> int:
    """Wait until the file is within its bound; return the most bytes that all files took."""
    most, began = 0, time.monotonic()
    for client in clients:
        client.start()
    while db.stat().st_size > bound and time.monotonic() < began + _PATIENCE:
        most = max(most, on_disk(db))
        time.sleep(0.2)
        if int(time.monotonic() - began) % 10 == 0:
            print(f"{time.monotonic() - began:5.0f} s", server.ask("{ storage { bytes used } }")["data"], flush=True)
            time.sleep(1)
    for client in clients:
        client.stop.set()
        client.join()
    return most


def main() -> int:
    """Shrink it; return how much was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("spans", nargs="?", type=int, default=2_540_000)
    spans = parser.parse_args().spans
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "spans.duckdb"
        fill(db, spans)
        before = db.stat().st_size
        bound = before // 2
        print(f"{spans:,} spans, {before:,} bytes; the bound is {bound:,}", flush=True)
        template = Template(2, traces=10)
        batches = [Batch(number, template) for number in range(200_000, 200_400)]
        with serving("--db", str(db), "--max-db-size", str(bound), "--upkeep-interval", "1") as server:
            writes = Timed(server.url, [(CREATE, {"spans": each.spans}) for each in batches], 0.2)
            reads = Timed(server.url, [(query, None) for query in _READS], 0.05)
            most = shrink(server, db, bound, [writes, reads])
            server.stop()
        size, copy = db.stat().st_size, fresh(db)
    print(f"writes: {writes}\nreads: {reads}")
    print(
        f"{size:,} bytes in the end, {size / copy:.2f} of a fresh copy; at most {(most - before) / copy:.2f} of it more"
    )
    return (max(*writes.took, *reads.took) > _STALL) + (size > _ROOM * copy) + (most > before + _EXTRA * copy)


if __name__ == "__main__":
    sys.exit(main())
