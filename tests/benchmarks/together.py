"""The server under many clients at once: reads while batches come in, and the tail of commits."""

from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from threading import Event
from time import perf_counter, sleep

from .figures import Row, at_least, at_most, percentile, timed_row
from .raw import RawWriter, arrow_spans
from .reading import list_request, trace_request
from .spans import BATCH, Source
from .wire import Connection
from .writing import send_from_many

CLIENTS = 8
READERS = 4
_BATCHES_A_SECOND = 10
_ALONE = 2.0
"""Seconds for which is read while nothing else goes on."""
_INSERTED = 20
"""Batches that raw DuckDB inserts."""
_LATE = 5
"""Seconds of delay at which a server is far from the pace, and waiting on says nothing more."""


@dataclass
class _Readers:
    """Clients that read until they are told to stop: traces by id, and lists of the newest, in turn."""

    port: int
    source: Source
    stop: Event = field(default_factory=Event)

    def read(self, seed: int) -> list[float]:
        """Read until told to stop; returns how long each answer took, in milliseconds."""
        random, times = Random(seed), list[float]()
        with closing(Connection(self.port)) as connection:
            while not self.stop.is_set():
                body = list_request() if len(times) % 2 else trace_request(self.source.trace_id(random), 10)
                began = perf_counter()
                connection.ask(body)
                times.append((perf_counter() - began) * 1_000)
                sleep(0.02)
        return times


@contextmanager
def _reading(port: int, source: Source) -> Generator[list[Future[list[float]]]]:
    readers = _Readers(port, source)
    with ThreadPoolExecutor(READERS) as pool:
        try:
            yield [pool.submit(readers.read, seed) for seed in range(READERS)]
        finally:
            readers.stop.set()


def reads_during_ingest(port: int, source: Source, batches: int) -> list[Row]:
    """Read with four clients, ingest as fast as it goes, and then do both."""
    bodies = [source.next().create for _ in range(2 * batches)]
    with _reading(port, source) as readers:
        sleep(_ALONE)
    quiet = [time for reader in readers for time in reader.result()]
    alone = send_from_many(port, bodies[:batches])
    with _reading(port, source) as readers:
        beside = send_from_many(port, bodies[batches:])
    times = [time for reader in readers for time in reader.result()]
    kept = Row(f"ingest beside {READERS} readers", "spans/s", beside, reference=alone, beside="ingest alone")
    reads = timed_row("reads during full ingest", times, quiet, "the same without")
    return [at_least(0.6).judged(kept), at_most(15, "p95").judged(reads)]


def commit_tail(port: int, source: Source, seconds: float, raw: RawWriter) -> list[Row]:
    """Send ten thousand spans a second at a steady pace, beside four readers; waiting for a late commit counts.

    What it is measured beside is raw DuckDB, which inserts such a batch while nothing else goes on.
    """
    bodies = [source.next().create for _ in range(round(seconds * _BATCHES_A_SECOND))]
    began = perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool, _reading(port, source):
        pending = [
            pool.submit(_send_at, port, began + number / _BATCHES_A_SECOND, islice(bodies, number, None, CLIENTS))
            for number in range(CLIENTS)
        ]
        times = [time for one in pending for time in one.result()]
    inserted = [raw.insert(arrow_spans(source.next())) for _ in range(_INSERTED)]
    name = f"commits at {_BATCHES_A_SECOND * BATCH:,} spans/s with {READERS} readers"
    row = timed_row(name, times, inserted)
    slowest = Row(f"{name}: the slowest", "ms", percentile(times, 1), reference=row.reference)
    return [at_most(8, "p99").judged(row), at_most(20).judged(slowest)]


def _send_at(port: int, first: float, bodies: Iterator[bytes]) -> list[float]:
    """Send requests at set moments; returns how long after its moment each was answered, in milliseconds."""
    times: list[float] = []
    with closing(Connection(port)) as connection:
        for number, body in enumerate(bodies):
            due = first + number * CLIENTS / _BATCHES_A_SECOND
            if perf_counter() - due > _LATE:
                break
            sleep(max(0.0, due - perf_counter()))
            connection.ask(body)
            times.append((perf_counter() - due) * 1_000)
    return times
