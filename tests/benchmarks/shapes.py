"""`python -m tests.benchmarks.shapes [--rounds N]`: batches as they are really sent, beside whole new traces.

Round by round, in turn, the same server takes traces that come whole, traces whose services each export their own
spans, spans that are sent when they start and again when they end, and batches of which a tenth comes twice. Then one
trace grows, a hundred spans at a time. The figures are shares of the rate of whole traces, the medians of the rounds;
they say nothing about the machine.
"""

import argparse
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from threading import Event, Thread
from time import perf_counter, time_ns
from typing import Any

from tests.running import serving

from .figures import Row, at_least, at_most
from .otlp import PROTOBUF, rate_of, request_of
from .peers import port_of
from .spans import CREATE, Source, body
from .table import print_rows
from .wire import Connection
from .writing import send_from_many

ROUNDS = 5
_CLIENTS = 4
_IN_FLIGHT = 5
"""Batches whose traces are open at a time: as many as a trace has services."""
_EXPORT = 512
"""Spans of an export of OpenTelemetry's SDKs."""
_SLOWEST = 15
"""How many times the median the slowest batch of a growing trace may take: it waits for a checkpoint."""
_BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
_LATER = 30
"""Batches between a start and its end: a batch is a second of a service that starts 1,000 spans in each."""

Spans = list[dict[str, Any]]
_ENDS = ("endedAt", "output", "errorInfo")


@dataclass(frozen=True)
class Shape:
    """A way in which spans arrive: what it makes of whole traces, and the share of their rate that is to be reached."""

    name: str
    target: float
    batches: Callable[[list[Spans]], Iterator[Spans]]


def whole(taken: list[Spans]) -> Iterator[Spans]:
    """Yield the batches as they are: a hundred traces each."""
    yield from taken


def fragments(taken: list[Spans]) -> Iterator[Spans]:
    """Yield five batches for five, each with the two spans of a service of all their traces."""
    for first in range(0, len(taken), _IN_FLIGHT):
        spans = [span for batch in taken[first : first + _IN_FLIGHT] for span in batch]
        for service in range(_IN_FLIGHT):
            yield [span for place, span in enumerate(spans) if place % 10 // 2 == service]


def started_then_ended(taken: list[Spans]) -> Iterator[Spans]:
    """Yield each batch as it starts, without what an end brings, and some batches later whole."""
    started: deque[Spans] = deque()
    for batch in taken:
        started.append(batch)
        yield [{key: value for key, value in span.items() if key not in _ENDS} for span in batch]
        if len(started) > min(_LATER, len(taken) // 4):
            yield started.popleft()
    yield from started


def sent_again(taken: list[Spans]) -> Iterator[Spans]:
    """Yield every tenth batch twice, as an exporter does that missed an answer."""
    for number, batch in enumerate(taken):
        yield batch
        if number % 10 == 9:
            yield batch


SHAPES = (
    Shape("fragments: each service sends its own spans", 0.8, fragments),
    Shape("each span when it starts and when it ends", 0.5, started_then_ended),
    Shape("every tenth batch comes again", 0.9, sent_again),
)


def _rate(port: int, batches: Sequence[Spans]) -> float:
    return send_from_many(port, [body(CREATE, spans=spans) for spans in batches], _CLIENTS)


def _otlp_rate(port: int, batches: Sequence[Spans]) -> float:
    spans = [span for batch in batches for span in batch]
    exports = [spans[first : first + _EXPORT] for first in range(0, len(spans), _EXPORT)]
    bodies = [request_of(export).SerializeToString() for export in exports]
    began = perf_counter()
    rate_of(port, PROTOBUF, bodies, _CLIENTS)
    return len(spans) / (perf_counter() - began)


def beside_whole(port: int, source: Source, batches: int, rounds: int = ROUNDS) -> list[Row]:
    """Return the rows of all shapes, in spans or records a second beside whole traces."""
    ways = [(shape, _rate) for shape in SHAPES]
    ways.append((Shape("OTLP fragments, 512 spans an export", 0.8, fragments), _otlp_rate))
    shares: dict[str, list[tuple[float, float]]] = {shape.name: [] for shape, _ in ways}
    for number in range(rounds + 1):
        for shape, measure in ways:
            plain = measure(port, list(whole(_taken(source, batches))))
            rate = measure(port, list(shape.batches(_taken(source, batches))))
            if number:  # the first starts the processes that prepare the others
                shares[shape.name].append((rate, plain))
    return [_row(shape, shares[shape.name]) for shape, _ in ways]


def _taken(source: Source, batches: int) -> list[Spans]:
    return [source.next().spans for _ in range(batches)]


def _row(shape: Shape, rates: Sequence[tuple[float, float]]) -> Row:
    rate, share = median(rate for rate, _ in rates), median(rate / plain for rate, plain in rates)
    return at_least(shape.target).judged(
        Row(shape.name, "spans/s", rate, reference=rate / share, beside="whole traces")
    )


def growing(port: int, spans: int, size: int = 100) -> list[Row]:
    """Return the rows of a trace that grows to so many spans, batch by batch, alone and beside a client that reads."""
    times = _grow(port, spans, size)
    tenth = max(1, len(times) // 10)
    name, begin, middle = f"a trace grows to {spans:,} spans, by {size:,}", median(times[:tenth]), median(times)
    last = Row(f"{name}: the last tenth", "ms", median(times[-tenth:]), reference=begin, beside="the first tenth")
    slowest = Row(f"{name}: the slowest", "ms", max(times), reference=middle, beside="the median")
    with _asking(port):
        beside = median(_grow(port, spans // 5, size))
    read = Row(f"{name}: beside a list a second", "ms", beside, reference=middle, beside="without")
    return [at_most(1.5).judged(last), at_most(_SLOWEST).judged(slowest), at_most(3).judged(read)]


def _grow(port: int, spans: int, size: int) -> list[float]:
    """Let a new trace grow; returns how long each batch took, in milliseconds."""
    random, trace_id, times = Random(7), f"{time_ns():032x}", list[float]()
    with closing(Connection(port)) as connection:
        for first in range(0, spans, size):
            batch = [_grown(trace_id, number, random) for number in range(first, first + size)]
            began = perf_counter()
            connection.ask(body(CREATE, spans=batch))
            times.append((perf_counter() - began) * 1_000)
    return times


@contextmanager
def _asking(port: int) -> Generator[None]:
    """Have a client ask for the newest traces with tokens and errors once a second, while the block runs."""
    stop, query = Event(), body("{ traces(first: 50) { nodes { traceId totalTokens hasError spanCount } } }")

    def ask() -> None:
        with closing(Connection(port)) as connection:
            while not stop.wait(1):
                connection.ask(query)

    thread = Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _grown(trace_id: str, number: int, random: Random) -> dict[str, Any]:
    parent = {"parentSpanId": f"{random.randrange(1, number + 1):016x}"} if number else {}
    moment = (_BEGIN + timedelta(milliseconds=20 * number)).isoformat()
    end = (_BEGIN + timedelta(milliseconds=20 * number + 15)).isoformat()
    said = {"name": f"step {number % 50}", "serviceName": "agent", "attributes": {"step": number}}
    return {"traceId": trace_id, "spanId": f"{number + 1:016x}", "startedAt": moment, "endedAt": end, **parent, **said}


def main() -> None:
    """Measure round by round, and print the rows."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.shapes", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="rounds, of which the median counts; 0 lets a trace grow alone"
    )
    parser.add_argument("--batches", type=int, default=40, help="batches of 1,000 spans in each measurement")
    parser.add_argument("--grow", type=int, default=30_000, help="spans of the trace that grows; 0 for none")
    parser.add_argument("--by", type=int, default=100, help="spans by which it grows at a time")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving("--db", str(Path(folder) / "spans.duckdb")) as server:
        port = port_of(server)
        rows = beside_whole(port, Source(10), arguments.batches, arguments.rounds) if arguments.rounds else []
        rows += growing(port, arguments.grow, arguments.by) if arguments.grow else []
        server.stop()
    print_rows(rows)


if __name__ == "__main__":
    main()
