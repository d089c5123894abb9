"""`python -m tests.benchmarks.two_files`: the tail of commits with one file, and with a small one for what is new.

Within one process, ten batches of 1,000 spans a second are committed beside four readers of the newest traces. With two
files, what was committed moves from the small one to the large one each half second; readers look into both.
"""

import json
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, Thread
from time import perf_counter, sleep

import duckdb
import msgspec

from spanwell.graphql.fast.batch_decoding import LIST_INPUTS
from spanwell.graphql.fast.batch_variables import list_of
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.storage.duckdb.migrations import migrate
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.writing.new_rows import Fresh, fresh
from spanwell.storage.duckdb.writing.write_new import write_fresh

from .figures import percentile
from .raw import SETTINGS
from .spans import Source

_STORED, _COMMITS, _A_SECOND, _READERS = 300, 200, 10, 4
_LONG_LOG = 8 * 1024 * 1024
_NEWEST = "SELECT * FROM {}.traces ORDER BY started_at DESC, trace_id LIMIT 50"


def batches() -> list[Fresh]:
    """Return the rows of some batches."""
    source, read = Source(10), LIST_INPUTS["CreateSpanInput"]
    decode = msgspec.json.Decoder(list_of(read.struct)).decode
    made = (fresh(SpanColumns.of(read.read(decode(json.dumps(source.next().spans))))) for _ in range(100))
    return [rows for rows in made if rows is not None]


class Files:
    """The files `new` and `old`, or one that is both."""

    def __init__(self, folder: Path, *, two: bool) -> None:
        self.two = two
        self.path = folder / "new.duckdb"
        self.old = "old" if two else "new"
        self._connection = duckdb.connect()
        for name in ("new", "old"):
            self._connection.execute(f"ATTACH '{folder / name}.duckdb' AS {name} (ROW_GROUP_SIZE 16384)")
        for setting in SETTINGS:
            self._connection.execute(setting)
        migrate(self.cursor(self.old), self.old)
        if two:
            for table in ("spans", "traces"):
                self._connection.execute(f"CREATE TABLE new.{table} AS FROM old.{table} LIMIT 0")
                self._connection.execute(f"CREATE INDEX {table}_new ON new.{table} (trace_id)")
        self.writer, self.lock, self.committed = self.cursor("new"), Lock(), 0

    def cursor(self, name: str) -> Cursor:
        """Return a connection to one of the files."""
        cursor = self._connection.cursor()
        cursor.execute(f"USE {name}")
        return cursor

    def commit(self, cursor: Cursor, rows: Fresh) -> None:
        """Insert a batch."""
        with self.lock:
            cursor.begin()
            write_fresh(cursor, [rows], Nanos(self.committed + 1))
            cursor.commit()
            self.committed += 1

    def checkpoint(self) -> None:
        """Empty the log of the file that is written to, if it is long."""
        log = self.path.with_name(f"{self.path.name}.wal")
        if log.exists() and log.stat().st_size > _LONG_LOG:
            with self.lock:
                self.writer.execute("CHECKPOINT")

    def move(self, moved: int) -> int:
        """Move what was committed; returns how much now is."""
        now, cursor = self.committed, self.cursor("old")
        for table, column in (("spans", "updated_at"), ("traces", "changed_at")):
            condition = f"epoch_ns({column}) > {moved} AND epoch_ns({column}) <= {now}"
            cursor.execute(f"INSERT INTO old.{table} SELECT * FROM new.{table} WHERE {condition}")
            with self.lock:
                self.writer.execute(f"DELETE FROM new.{table} WHERE {condition}")
        return now

    def read(self, stop: Event, times: list[float]) -> None:
        """Read the newest traces again and again, and note how long it takes."""
        cursor = self.cursor("new")
        while not stop.wait(0.02):
            began = perf_counter()
            for name in {self.old, "new"}:
                cursor.execute(_NEWEST.format(name)).fetchall()
            times.append((perf_counter() - began) * 1_000)


@contextmanager
def beside(files: Files, times: list[float]) -> Generator[None]:
    """Let readers read, and what is new be moved, for as long as the block lasts."""
    stop = Event()

    def move() -> None:
        moved = files.committed
        while files.two and not stop.wait(0.5):
            moved = files.move(moved)

    threads = [Thread(target=files.read, args=(stop, times)) for _ in range(_READERS)] + [Thread(target=move)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def measure(made: list[Fresh], *, two: bool) -> str:
    """Return what commits and reads took."""
    with tempfile.TemporaryDirectory() as folder:
        files, commits, reads = Files(Path(folder), two=two), list[float](), list[float]()
        filling = files.cursor(files.old)
        for number in range(_STORED):
            files.commit(filling, made[number % len(made)])
        filling.execute("CHECKPOINT")
        with beside(files, reads):
            began = perf_counter()
            for number in range(_COMMITS):
                due = began + number / _A_SECOND
                sleep(max(0.0, due - perf_counter()))
                files.commit(files.writer, made[number % len(made)])
                commits.append((perf_counter() - due) * 1_000)
                files.checkpoint()
    shown = [f"{name} {percentile(commits, share):.0f}" for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1))]
    return f"commits {' '.join(shown)} ms; newest traces p50 {percentile(reads, 0.5):.1f} ms"


def main() -> None:
    """Measure both, twice in turn."""
    made = batches()
    for _ in range(2):
        for two in (False, True):
            sys.stdout.write(f"{'two files' if two else 'one file':9}  {measure(made, two=two)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
