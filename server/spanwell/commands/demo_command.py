"""`spanwell demo`, and what `serve --demo` fills an empty store with."""

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from spanwell.demo import generate
from spanwell.exporting.lines import importable_lines
from spanwell.observability.model.blocks import RecordBlock
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import Span
from spanwell.observability.service import Observability
from spanwell.options import read_settings
from spanwell.settings import Settings

from . import CommandFailed
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
                file.write(importable_lines(Span, RecordBlock(trace)))
                written += len(trace)
    except OSError as error:
        raise CommandFailed(f"{path} cannot be written: {error.strerror}.") from None
    sys.stderr.write(f"Wrote {written:,} spans to {path}.\n")
    return 0
