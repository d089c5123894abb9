"""The server beside its peers: both get the same batches in turn, then the same questions, in the same minutes.

A peer that is not installed is left out, with a sentence that says how to install it. Each peer is filled for no
longer than its share of time; the server beside it then holds just as many spans.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import asdict, dataclass
from http.client import HTTPException
from pathlib import Path
from random import Random
from time import monotonic, perf_counter
from typing import Any, Protocol

import msgspec

from tests.running import Running, serving

from .figures import percentile
from .reading import list_request, trace_request
from .spans import BATCH, TRACE, Batch, Source
from .wire import Connection, Refused

PAGE = 50


@dataclass(frozen=True)
class Bounds:
    """How much is asked of each peer."""

    batches: int = 20
    seconds: float = 120
    """After so long, no further batch is sent."""
    times: int = 30


@dataclass(frozen=True)
class PeerRow:
    """An operation: a peer's figure, and the server's on as many spans."""

    operation: str
    peer: str
    unit: str
    figure: float
    server: float
    spans: int

    @property
    def ratio(self) -> float:
        """How many times as fast as the peer the server is."""
        return self.figure / self.server if self.unit == "ms" else self.server / self.figure

    def document(self) -> dict[str, Any]:
        """Return the row as it is kept in a file."""
        rounded = {"figure": round(self.figure, 3), "server": round(self.server, 3), "ratio": round(self.ratio, 2)}
        return {**asdict(self), **rounded}


class Store(Protocol):
    """Takes batches and answers questions; each call returns how long that took, in milliseconds.

    What comes back is looked at outside of that time. Raises `Refused`.
    """

    def create(self, batch: Batch) -> float:
        """Store a batch, until its spans can be asked for."""
        ...

    def trace(self, trace_id: str) -> float:
        """Read a trace of ten spans."""
        ...

    def newest(self) -> float:
        """Read a page of the newest fifty traces."""
        ...


class Peer(Protocol):
    """A product that stores and finds spans."""

    @property
    def name(self) -> str:
        """What it is called in the table."""
        ...

    @property
    def missing(self) -> str:
        """How to get what is missing; empty if it is installed."""
        ...

    def open(self, folder: Path) -> AbstractContextManager[Store]:
        """Start it with an empty store in a folder. Raises `Refused`."""
        ...


def answered(wanted: int, found: int, what: str) -> None:
    """Demand so many of something in an answer. Raises `Refused`."""
    if found != wanted:
        raise Refused(f"{found} instead of {wanted} {what}")


class Ours:
    """The server, over a new connection each time, as its peers: servers close idle ones."""

    def __init__(self, port: int) -> None:
        self._port = port

    def _ask(self, body: bytes) -> tuple[float, Any]:
        began = perf_counter()
        with closing(Connection(self._port)) as connection:
            answer = connection.ask(body)
        return (perf_counter() - began) * 1_000, msgspec.json.decode(answer)["data"]

    def create(self, batch: Batch) -> float:
        """Send a batch; it is answered when its spans can be asked for."""
        taken, data = self._ask(batch.create)
        answered(BATCH, data["batchCreateSpans"]["createdCount"], "spans")
        return taken

    def trace(self, trace_id: str) -> float:
        """Read a trace with the light fields of its spans."""
        taken, data = self._ask(trace_request(trace_id, TRACE))
        answered(TRACE, len(data["trace"]["spans"]["nodes"]), "spans")
        return taken

    def newest(self) -> float:
        """Read the newest traces with their rollups."""
        taken, data = self._ask(list_request())
        answered(PAGE, len(data["traces"]["nodes"]), "traces")
        return taken


def port_of(server: Running) -> int:
    """Return the port of a server that runs."""
    return int(server.url.rpartition(":")[2])


def compare(ours: Store, theirs: Store, peer: str, bounds: Bounds) -> Iterator[PeerRow]:
    """Give both the same in turn, and yield a row for each operation; the first of each makes plans, and is no part."""
    source, random = Source(4), Random(3)
    end = monotonic() + bounds.seconds
    filled: list[tuple[float, float]] = []
    while source.taken < bounds.batches and (len(filled) < 2 or monotonic() < end):
        batch = source.next()
        filled.append((theirs.create(batch), ours.create(batch)))
    their_rate, our_rate = ((len(filled) - 1) * BATCH * 1_000 / sum(taken) for taken in zip(*filled[1:], strict=True))
    spans = source.taken * BATCH
    yield PeerRow("ingest until it can be read, 1 client", peer, "spans/s", their_rate, our_rate, spans)

    def row(operation: str, ask: Callable[[Store, str], float]) -> PeerRow:
        turns = [source.trace_id(random) for _ in range(bounds.times + 1)]
        asked = [(ask(theirs, trace_id), ask(ours, trace_id)) for trace_id in turns]
        their_median, our_median = (percentile(times, 0.5) for times in zip(*asked[1:], strict=True))
        return PeerRow(operation, peer, "ms", their_median, our_median, spans)

    yield row(f"trace of {TRACE} spans", lambda store, trace_id: store.trace(trace_id))
    yield row(f"newest {PAGE} traces", lambda store, _: store.newest())


def beside(peer: Peer, bounds: Bounds, folder: Path | None = None) -> Iterator[PeerRow]:
    """Start a peer and a server, both empty, and yield the rows of both. Raises `Refused` and `OSError`."""
    with (
        tempfile.TemporaryDirectory(prefix="spanwell-peer-", dir=folder) as files,
        serving("--db", str(Path(files) / "spanwell.duckdb")) as server,
        peer.open(Path(files)) as theirs,
    ):
        yield from compare(Ours(port_of(server)), theirs, peer.name, bounds)


def installed(peers: Sequence[Peer], say: Callable[[str], None]) -> list[Peer]:
    """Return the peers that are installed, and say of the others how to get them."""
    for peer in peers:
        if peer.missing:
            say(f"{peer.name} is left out: {peer.missing}")
    return [peer for peer in peers if not peer.missing]


def measured(peers: Sequence[Peer], bounds: Bounds, folder: Path | None, say: Callable[[str], None]) -> list[PeerRow]:
    """Return the rows of all peers that are installed, and say them; a peer that fails is told of, and left."""
    rows: list[PeerRow] = []
    for peer in installed(peers, say):
        try:
            for row in beside(peer, bounds, folder):
                rows.append(row)
                say(f"{row.operation}, {row.peer}: {row.figure:,.1f} {row.unit}; the server: {row.server:,.1f}")
        except (Refused, OSError, HTTPException) as error:
            say(f"{peer.name} failed: {error}")
    return rows
