"""Imports files: detects the format of each, and decodes a batch while the previous one is stored."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spanwell.importing.formats.jaeger import Jaeger
from spanwell.importing.formats.json_lines import JsonLines
from spanwell.importing.formats.langfuse import Langfuse
from spanwell.importing.formats.objects import Objects
from spanwell.importing.formats.otlp import OtlpJson, OtlpProtobuf
from spanwell.importing.formats.parquet import Parquet
from spanwell.importing.formats.zipkin import Zipkin
from spanwell.observability.derivation.batches import Created
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.identifiers import trace_identifier
from spanwell.observability.model.times import units_of
from spanwell.observability.service import Observability

from .batches import MARK, Batch, ImportFailed, Reader

_READERS: tuple[Reader, ...] = (
    Parquet(),
    OtlpProtobuf(),
    OtlpJson(),
    Jaeger(),
    Langfuse(),
    Objects(),
    Zipkin(),
    JsonLines(),
)
"""Tried in this order: JSON Lines comes last, because any file that begins with an object may be JSON Lines."""


@dataclass
class Summary:
    """The results of an import."""

    spans: int = 0
    created: int = 0
    updated: int = 0
    scores: int = 0
    seconds: float = 0.0
    trace_ids: set[str] = field(default_factory=set[str])
    units: Counter[str] = field(default_factory=Counter[str])
    """The number of spans whose start time was in a larger unit than nanoseconds, by unit."""

    @property
    def unchanged(self) -> int:
        """The number of records that changed nothing."""
        return self.spans - self.created - self.updated


def count_spans(paths: Sequence[Path]) -> int | None:
    """Return the number of spans in some files; None if it is unknown for any of them. Raises `ImportFailed`."""
    counts = [reader_of(path).count(path) for path in paths]
    return sum(count or 0 for count in counts) if None not in counts else None


def reader_of(path: Path) -> Reader:
    """Return the reader of a file, chosen by its contents. Raises `ImportFailed`."""
    try:
        with path.open("rb") as file:
            beginning = file.read(4096).removeprefix(MARK)
    except OSError as error:
        raise ImportFailed(f"{path} cannot be read: {error.strerror}.") from None
    for reader in _READERS:
        if reader.can_read(beginning):
            return reader
    raise ImportFailed(
        f"{path} is not in a supported format: Parquet, JSON Lines, OTLP, or JSON from Jaeger, Zipkin, Tempo, "
        "Langfuse, Phoenix, MLflow, LangSmith, Braintrust, CloudWatch or a console exporter."
    )


async def import_files(
    paths: Sequence[Path], service: Observability, progress: Callable[[int], None] = lambda _: None
) -> Summary:
    """Store the spans of some files; `progress` is called with the number stored. Raises `ImportFailed`.

    Spans stored before an invalid element or an interruption stay; importing the corrected file again does not change
    them.
    """
    began = time.monotonic()
    summary = Summary()
    readers = [(path, reader_of(path)) for path in paths]
    try:
        for path, reader in readers:
            await _import(path, reader, _Writing(path, reader, service, summary, progress))
    except ImportFailed as error:
        raise ImportFailed(f"{error} {summary.spans:,} spans were stored before it.") from None
    summary.seconds = time.monotonic() - began
    return summary


async def _import(path: Path, reader: Reader, writing: "_Writing") -> None:
    batches = reader.read(path)
    before = writing.records
    try:
        while batch := await asyncio.to_thread(_next, batches):
            await writing.put(batch)
    finally:
        await writing.finish()
    if writing.records == before:
        raise ImportFailed(f"{path} contains no spans.")


class _Writing:
    """Stores a batch of a file while the next one is read."""

    def __init__(
        self, path: Path, reader: Reader, service: Observability, summary: Summary, progress: Callable[[int], None]
    ) -> None:
        self._path = path
        self._reader = reader
        self._service = service
        self._summary = summary
        self._progress = progress
        self._batch: Batch | None = None
        self._task: asyncio.Task[Created] | None = None

    @property
    def records(self) -> int:
        """The number of spans, scores and feedback stored so far."""
        return self._summary.spans + self._summary.scores

    async def put(self, batch: Batch) -> None:
        """Start to store a batch, once the previous one is stored."""
        await self.finish()
        self._batch = batch
        self._task = asyncio.create_task(self._store(batch))

    async def _store(self, batch: Batch) -> Created:
        if not batch.scores:
            return await self._service.create_spans(batch.spans, element="{}")
        await self._service.assessing.create(batch.kind, batch.scores, element="{}")
        return Created(0, 0)

    async def finish(self) -> None:
        """Wait for the current batch; an interruption does not undo it. Raises `ImportFailed`."""
        if self._task is None or self._batch is None:
            return
        try:
            done = await asyncio.shield(self._task)
        except InvalidInput as error:
            raise self._failed(self._batch, error) from None
        self._task = None
        self._add(self._batch, done)

    def _add(self, batch: Batch, done: Created) -> None:
        self._summary.spans += len(batch.spans)
        self._summary.scores += len(batch.scores)
        self._summary.created += done.created_count
        self._summary.updated += done.updated_count
        self._summary.trace_ids.update(map(trace_identifier, {span.trace_id for span in batch.spans}))
        self._summary.units += units_of(span.started_at for span in batch.spans)
        self._progress(self._summary.spans)

    def _failed(self, batch: Batch, error: InvalidInput) -> ImportFailed:
        index, _, field_name = error.element.partition(".")
        named = InvalidInput(error.problem, field_name)
        return ImportFailed(f"{self._path} {self._reader.unit} {batch.places[int(index)]}: {named}")


def _next(batches: Iterator[Batch]) -> Batch | None:
    return next(batches, None)
