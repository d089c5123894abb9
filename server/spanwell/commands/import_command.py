"""`spanwell import`."""

import argparse
import asyncio
import sys
from pathlib import Path

from spanwell.collector import quiet_collector
from spanwell.importing import ImportFailed, Summary, import_files
from spanwell.importing.files import count_spans
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.service import Observability
from spanwell.options import read_settings
from spanwell.settings import Settings

from . import CommandFailed
from .progress import Progress
from .stores import opened


def run(arguments: argparse.Namespace) -> int:
    """Read spans from files into a store."""
    progress = Progress("spans")
    try:
        asyncio.run(_import([Path(name) for name in arguments.files], read_settings(arguments), progress))
    except ImportFailed as error:
        raise CommandFailed(str(error)) from None
    except KeyboardInterrupt:
        sys.stderr.write(f"{progress.done:,} spans were stored; import the same files again to add the rest.\n")
        raise
    return 0


async def _import(paths: list[Path], settings: Settings, progress: Progress) -> None:
    progress.total = await asyncio.to_thread(count_spans, paths)
    async with opened(settings) as storage:
        try:
            with quiet_collector():
                summary = await import_files(paths, Observability(storage), progress.at)
        finally:
            progress.over()
        traces, spans = await storage.count_traces(ALWAYS), await storage.count_spans(ALWAYS)
    sys.stdout.write(_told(summary))
    sys.stdout.write(f"{settings.db} now holds {traces:,} traces with {spans:,} spans.\n")


def _told(summary: Summary) -> str:
    rate = summary.spans / summary.seconds if summary.seconds else 0.0
    read = f"Read {summary.spans:,} spans of {len(summary.trace_ids):,} traces"
    stored = f"{summary.created:,} new, {summary.updated:,} changed, {summary.unchanged:,} already there"
    units = (
        f"The times of {count:,} spans are in {unit}, and were read as such.\n" for unit, count in summary.units.items()
    )
    scores = f"Read {summary.scores:,} scores and feedback.\n" if summary.scores else ""
    return "".join([f"{read} in {summary.seconds:,.1f} s ({rate:,.0f}/s): {stored}.\n", scores, *units])
