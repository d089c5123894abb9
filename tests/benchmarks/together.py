"""The server under many clients at once: requests a second, reads while batches come in, and the tail of commits."""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from threading import Event
from time import perf_counter, sleep

from .figures import Row, Target, at_least, at_most, percentile, timed_row
from .reading import list_request, request, trace_request
from .spans import BATCH, Source
from .wire import Connection, drive
from .writing import send_from_many

CLIENTS = 8
READERS = 4
_BATCHES_A_SECOND = 10
_LATE = 5
"""Seconds of delay at which a server is far from the pace, and waiting on says nothing more."""
_TAIL = Target("p99 <= 100 ms", lambda row: (row.p99 or 0) <= 100)
_READ_TAIL = Target("p95 <= 50 ms", lambda row: (row.p95 or 0) <= 50)


def throughput(port: int, source: Source, seconds: float) -> Iterator[Row]:
    """Yield how many requests a second eight clients get answered."""
    random = Random(8)
    cases: tuple[tuple[str, Callable[[], bytes], int], ...] = (
        ("`{ __typename }`", lambda: request("{ __typename }"), 4_000),
        ("trace of 10 spans", lambda: trace_request(source.trace_id(random), 10), 300),
        ("newest 50 traces with rollups", list_request, 200),
    )
    for name, query, target in cases:
        drive(port, 1, 0.2, query)
        times = drive(port, CLIENTS, seconds, query)
        row = Row(f"{name}, {CLIENTS} clients", "requests/s", len(times) / seconds)
        yield at_least(target, "requests/s").judged(row)


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
    """Ingest as fast as it goes, alone and then beside four readers."""
    bodies = [source.next().create for _ in range(2 * batches)]
    alone = send_from_many(port, bodies[:batches])
    with _reading(port, source) as readers:
        beside = send_from_many(port, bodies[batches:])
    times = [time for reader in readers for time in reader.result()]
    kept = Row(f"ingest beside {READERS} readers, share of ingest alone", "%", beside / alone * 100)
    return [
        at_least(60, "%").judged(kept),
        _READ_TAIL.judged(timed_row("reads during full ingest", times)),
    ]


def commit_tail(port: int, source: Source, seconds: float) -> list[Row]:
    """Send ten thousand spans a second at a steady pace, beside four readers; waiting for a late commit counts."""
    bodies = [source.next().create for _ in range(round(seconds * _BATCHES_A_SECOND))]
    began = perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool, _reading(port, source):
        pending = [
            pool.submit(_send_at, port, began + number / _BATCHES_A_SECOND, islice(bodies, number, None, CLIENTS))
            for number in range(CLIENTS)
        ]
        times = [time for one in pending for time in one.result()]
    name = f"commits at {_BATCHES_A_SECOND * BATCH:,} spans/s with {READERS} readers"
    return [
        _TAIL.judged(timed_row(name, times)),
        at_most(250).judged(Row(f"{name}: the slowest", "ms", percentile(times, 1))),
    ]


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
