"""`spanwell export`."""

import argparse
import asyncio
import sys
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

from spanwell.exporting import written_lines
from spanwell.options import read_settings
from spanwell.settings import Settings

from . import CommandFailed
from .progress import Progress
from .stores import opened


def run(arguments: argparse.Namespace) -> int:
    """Write the spans of a store as lines."""
    with _target(arguments.out) as file:
        written = asyncio.run(_export(read_settings(arguments), arguments.format, file))
    sys.stderr.write(f"Wrote {written:,} spans to {arguments.out or 'standard output'}.\n")
    return 0


async def _export(settings: Settings, name: str, file: BinaryIO) -> int:
    progress = Progress("spans")
    async with opened(settings, must_exist=True) as storage:
        async for count, lines in written_lines(storage, name):
            file.writelines(lines)
            progress.at(progress.done + count)
    progress.over()
    return progress.done


@contextmanager
def _target(name: str | None) -> Generator[BinaryIO]:
    """Give the file to write to. Raises `CommandFailed` if it cannot be written."""
    try:
        with nullcontext(sys.stdout.buffer) if name is None else Path(name).open("wb") as file:
            yield file
            file.flush()
    except BrokenPipeError:
        raise CommandFailed("Whoever read the spans has stopped reading.") from None
    except OSError as error:
        raise CommandFailed(f"{name or 'Standard output'} cannot be written: {error.strerror}.") from None
