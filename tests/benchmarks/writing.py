"""The writes of the benchmark: a store is filled, beside a raw table, and then written to batch by batch."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from statistics import harmonic_mean
from time import perf_counter

from .figures import Row, at_least, at_most, timed_row
from .raw import RawWriter, arrow_spans
from .spans import BATCH, Source
from .wire import Connection

WRITERS = 8


def send(port: int, bodies: Iterable[bytes]) -> list[float]:
    """Send requests one after another; returns how long each took, in milliseconds."""
    times: list[float] = []
    with closing(Connection(port)) as connection:
        for body in bodies:
            began = perf_counter()
            connection.ask(body)
            times.append((perf_counter() - began) * 1_000)
    return times


def send_from_many(port: int, bodies: Sequence[bytes], clients: int = WRITERS) -> float:
    """Let several clients send batches between them; returns how many spans a second went through."""
    began = perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(send, [port] * clients, [bodies[n::clients] for n in range(clients)]))
    return len(bodies) * BATCH / (perf_counter() - began)


@dataclass
class Load:
    """Fills the server, and a raw table beside it, round by round."""

    port: int
    source: Source
    raw: RawWriter
    rates: list[float] = field(default_factory=list[float])
    raw_rates: list[float] = field(default_factory=list[float])

    def round(self, batches: int, *, beside_raw: bool) -> None:
        """Let a few clients send so many batches, and then insert the same ones into the raw table."""
        taken = [self.source.next() for _ in range(batches)]
        self.rates.append(send_from_many(self.port, [batch.create for batch in taken]))
        if beside_raw:
            times = [self.raw.insert(arrow_spans(batch)) for batch in taken]
            self.raw_rates.append(batches * BATCH / sum(times) * 1_000)

    @property
    def rows(self) -> list[Row]:
        """How many spans a second the server took: over all rounds, and in the last beside the first."""
        name = f"ingest, sustained, {WRITERS} clients"
        sustained = Row(name, "spans/s", harmonic_mean(self.rates), reference=harmonic_mean(self.raw_rates))
        first, *_, last = self.rates
        grown = Row("ingest, the last tenth of the data", "spans/s", last, reference=first, beside="the first tenth")
        return [at_least(0.6).judged(sustained), at_least(0.8).judged(grown)]


def batch_by_batch(port: int, source: Source, raw: RawWriter, batches: int) -> list[Row]:
    """One client creates batches and then changes them, each after the answer to the one before."""
    taken = [source.next() for _ in range(batches)]
    created = send(port, (batch.create for batch in taken))
    raw_created = [raw.insert(arrow_spans(batch)) for batch in taken]
    updated = send(port, (batch.update for batch in taken))
    raw_updated = [raw.update(batch) for batch in taken]
    return [
        at_most(2.5).judged(timed_row("ingest a batch of 1,000, 1 client", created, raw_created)),
        at_most(3).judged(timed_row("update 1,000 recent spans, 1 client", updated, raw_updated)),
    ]


def update_rate(port: int, source: Source, raw: RawWriter, batches: int) -> Row:
    """Several clients change the spans of new batches, which the raw table has too."""
    recent = [source.next() for _ in range(batches)]
    send_from_many(port, [batch.create for batch in recent])
    for batch in recent:
        raw.insert(arrow_spans(batch))
    rate = send_from_many(port, [batch.update for batch in recent])
    beside = len(recent) * BATCH / sum(raw.update(batch) for batch in recent) * 1_000
    row = Row(f"updates of recent spans, {WRITERS} clients", "spans/s", rate, reference=beside)
    return at_least(0.5).judged(row)
