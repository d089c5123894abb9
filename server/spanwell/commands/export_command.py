"""`spanwell export`."""

import argparse
import asyncio
import os
import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import duckdb

from spanwell.exporting import written_lines
from spanwell.options import read_settings
from spanwell.settings import Settings

from . import CommandFailed
from .export_source.matching import FIELDS, asked_of_server, asked_of_store, matching_lines, to_filter
from .progress import Progress
from .stores import opened

_TABLES = {"csv": "FORMAT csv, HEADER", "parquet": "FORMAT parquet, COMPRESSION zstd"}
"""What DuckDB makes of lines, by the name of the format."""


def run(arguments: argparse.Namespace) -> int:
    """Write the spans of a store, or of a server, that meet a filter."""
    with _target(arguments.out) as file:
        if arguments.format in _TABLES:
            written = _export_table(arguments, file)
        elif arguments.url is None and arguments.filter is None:
            written = asyncio.run(_export(read_settings(arguments), arguments.format, file))
        else:
            written = asyncio.run(_export_matching(arguments, file))
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


async def _export_matching(arguments: argparse.Namespace, file: BinaryIO) -> int:
    if arguments.format == "otlp-json":
        raise CommandFailed("OTLP is written of a whole store alone: leave out `--url` and `--filter`.")
    asked, progress = to_filter(arguments.filter), Progress("spans")
    token = os.environ.get("SPANWELL_TOKEN")
    source = asked_of_server(arguments.url, token) if arguments.url else asked_of_store(read_settings(arguments))
    async with source as ask:
        async for lines in matching_lines(ask, asked):
            file.writelines(lines)
            progress.at(progress.done + len(lines))
    progress.over()
    return progress.done


def _export_table(arguments: argparse.Namespace, file: BinaryIO) -> int:
    """Write a table, with a column of text for each field, by way of lines on disk: memory stays small."""
    with TemporaryDirectory() as folder:
        lines, table = Path(folder) / "lines", Path(folder) / "table"
        with lines.open("wb") as written_to:
            arguments = argparse.Namespace(**{**vars(arguments), "format": "jsonl"} | {"kind": arguments.format})
            written = asyncio.run(_export_matching(arguments, written_to))
        columns = dict.fromkeys(FIELDS, "VARCHAR")
        with duckdb.connect() as connection:
            connection.execute(
                f"COPY (SELECT * FROM read_json(?, format = 'newline_delimited', columns = {columns!r},"
                f" maximum_object_size = 134217728)) TO '{table}' ({_TABLES[arguments.kind]})",
                (str(lines),),
            )
        with table.open("rb") as made:
            shutil.copyfileobj(made, file)
    return written


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
