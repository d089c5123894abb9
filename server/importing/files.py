"""Imports files: finds the reader of each, and lets decoding and writing overlap."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from server.observability.batches import Created
from server.observability.errors import InvalidInput
from server.observability.service import Observability

from .batches import Batch, ImportFailed, Reader
from .json_lines import JsonLines
from .parquet import Parquet

_READERS: tuple[Reader, ...] = (Parquet(), JsonLines())


@dataclass
class Summary:
    """What an import did."""

    spans: int = 0
    created: int = 0
    updated: int = 0
    seconds: float = 0.0

    @property
    def unchanged(self) -> int:
        """How many records said nothing new."""
        return self.spans - self.created - self.updated


def count_spans(paths: Sequence[Path]) -> int | None:
    """Return how many spans some files hold, if all of them tell. Raises `ImportFailed`."""
    counts = [reader_of(path).count(path) for path in paths]
    return sum(count or 0 for count in counts) if None not in counts else None


def reader_of(path: Path) -> Reader:
    """Return the reader of a file, by its content. Raises `ImportFailed`."""
    try:
        with path.open("rb") as file:
            beginning = file.read(4096)
    except OSError as error:
        raise ImportFailed(f"{path} cannot be read: {error.strerror}.") from None
    for reader in _READERS:
        if reader.can_read(beginning):
            return reader
    raise ImportFailed(f"{path} is neither Parquet nor JSON Lines of spans.")


async def import_files(
    paths: Sequence[Path], service: Observability, progress: Callable[[int], None] = lambda _: None
) -> Summary:
    """Store the spans of some files; `progress` is told how many are done. Raises `ImportFailed`.

    What was stored before a bad element stays; importing the mended file again changes nothing of it.
    """
    began = time.monotonic()
    summary = Summary()
    for path, reader in [(path, reader_of(path)) for path in paths]:
        await _import(path, reader, service, summary, progress)
    summary.seconds = time.monotonic() - began
    return summary


async def _import(
    path: Path, reader: Reader, service: Observability, summary: Summary, progress: Callable[[int], None]
) -> None:
    batches = reader.read(path)
    writing: asyncio.Task[Created] | None = None
    while True:
        batch = await asyncio.to_thread(_next, batches)
        if writing is not None:
            _add(summary, await writing)
            progress(summary.spans)
        if batch is None:
            return
        summary.spans += len(batch.spans)
        writing = asyncio.create_task(_write(path, reader, service, batch, summary))


async def _write(path: Path, reader: Reader, service: Observability, batch: Batch, summary: Summary) -> Created:
    try:
        return await service.create_spans(batch.spans, element="{}")
    except InvalidInput as error:
        index, _, field = error.element.partition(".")
        named = InvalidInput(error.problem, field)
        stored = summary.spans - len(batch.spans)
        raise ImportFailed(
            f"{path} {reader.unit} {batch.place + int(index)}: {named} {stored:,} spans were stored before it."
        ) from None


def _add(summary: Summary, done: Created) -> None:
    summary.created += done.created_count
    summary.updated += done.updated_count


def _next(batches: Iterator[Batch]) -> Batch | None:
    return next(batches, None)
