"""`spanwell demo`, and what `serve --demo` fills an empty store with."""

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from server.commands import CommandFailed
from server.demo import generate
from server.observability.columns import Kind, Nanos
from server.observability.service import Observability
from server.observability.span import GIVEN_COLUMNS, Span
from server.observability.times import format_moment
from server.options import read_settings
from server.settings import Settings

from .progress import Progress
from .stores import opened

_AT_ONCE = 5_000


def run(arguments: argparse.Namespace) -> int:
    """Make demo traces."""
    traces = generate(arguments.traces, arguments.seed, Nanos(time.time_ns()))
    if arguments.out:
        return _write(traces, Path(arguments.out))
    return asyncio.run(_store(traces, read_settings(arguments)))


async def fill(service: Observability, traces: Iterator[list[Span]], progress: Progress) -> int:
    """Store traces in batches; returns how many spans they have."""
    batch: list[Span] = []
    stored = 0
    for trace in traces:
        batch += trace
        if len(batch) >= _AT_ONCE:
            stored += await _create(service, batch)
            progress.at(stored)
            batch = []
    return stored + await _create(service, batch)


async def _create(service: Observability, batch: list[Span]) -> int:
    await service.create_spans(batch)
    return len(batch)


async def _store(traces: Iterator[list[Span]], settings: Settings) -> int:
    async with opened(settings) as storage:
        stored = await fill(Observability(storage), traces, Progress("spans"))
    sys.stderr.write(f"Wrote {stored:,} spans to {settings.db}.\n")
    return 0


def _write(traces: Iterator[list[Span]], path: Path) -> int:
    written = 0
    try:
        with path.open("wb") as file:
            for trace in traces:
                file.writelines(msgspec.json.encode(_as_json(span)) + b"\n" for span in trace)
                written += len(trace)
    except OSError as error:
        raise CommandFailed(f"{path} cannot be written: {error.strerror}.") from None
    sys.stderr.write(f"Wrote {written:,} spans to {path}.\n")
    return 0


def _as_json(span: Span) -> dict[str, Any]:
    """Return a span as `spanwell import` reads it, by the API's names and without what is absent."""
    shown: dict[str, Any] = {"traceId": span.trace_id, "spanId": span.span_id}
    for column in GIVEN_COLUMNS:
        value = getattr(span, column.name)
        if value == column.default and not column.required:
            continue
        if column.kind is Kind.TIME:
            value = format_moment(value)
        shown[column.label] = msgspec.Raw(value.encode()) if column.kind is Kind.JSON else value
    return shown
