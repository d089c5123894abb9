"""`spanwell export`."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Generator
from contextlib import aclosing, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import orjson

from spanwell.exporting.formats import JsonLines
from spanwell.exporting.pages import written
from spanwell.graphql.arguments.logic import used_filters
from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.failures import Refused
from spanwell.graphql.execution.list_queries import ListQueries
from spanwell.graphql.execution.warnings import Caution
from spanwell.graphql.library import core_schema
from spanwell.graphql.schema import schema
from spanwell.http.endpoints.export_query import Export, export_of, parameters_of
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.questions.queries import AssessmentQuery, Window, assessment_identity
from spanwell.observability.service import Observability
from spanwell.options import read_settings
from spanwell.settings import Settings

from . import CommandFailed, warn
from .progress import Progress
from .remote.servers import answer_of_server
from .stores import opened

_PIECE = 256 * 1024
_WHOLE = {"format": "jsonl", "records": "spans", "orderBy": {"field": "STARTED_AT", "direction": "ASC"}}
"""What is asked for where nothing is chosen, so that nothing is left out either."""

_ASSESSMENTS = [AssessmentQuery(kind, Window(0), order=assessment_identity(kind)) for kind in AssessmentKind]


def run(arguments: argparse.Namespace) -> int:
    """Write the records of a store or of a server that meet a filter."""
    asked = _asked(arguments)
    with _target(arguments.out) as file:
        if arguments.url is not None:
            said = f"{_copy(arguments.url, asked, file):,} bytes"
        else:
            count = asyncio.run(_write(read_settings(arguments), *_export(asked), file, whole=asked == _WHOLE))
            said = f"{count:,} {asked['records']}"
    sys.stderr.write(f"Wrote {said} to {arguments.out or 'standard output'}.\n")
    return 0


def _asked(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the body of the export request. Raises `CommandFailed`."""
    name = "otlp" if arguments.format == "otlp-json" else arguments.format
    asked = {"format": name, "records": arguments.records, "orderBy": _oldest(arguments.records)}
    if arguments.fields is not None:
        asked["fields"] = [label.strip() for label in arguments.fields.split(",")]
    for option in ("filter", "order_by"):
        if (text := getattr(arguments, option)) is not None:
            asked["orderBy" if option == "order_by" else option] = _json(option, text)
    return asked


def _oldest(records: str) -> dict[str, str]:
    field = "STARTED_AT" if records in {"spans", "traces"} else "TIMESTAMP"
    return {"field": field, "direction": "ASC"}


def _json(option: str, text: str) -> Any:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict | list):
        raise CommandFailed(
            f"`--{option.replace('_', '-')}` is not a JSON object, such as "
            + ('\'{"status": {"eq": "ERROR"}}\'.' if option == "filter" else '\'{"field": "DURATION"}\'.')
        )
    return found


_Warnings: TypeAlias = Callable[[Observability], Awaitable[list[Caution]]]
"""Finds the warnings about a filter."""


def _export(asked: dict[str, Any]) -> tuple[Export, _Warnings]:
    queries = ListQueries(schema, Execution(core_schema(schema)))
    try:
        with used_filters() as filters:
            export = export_of(parameters_of({}, orjson.dumps(asked)), queries)
    except Refused as refused:
        raise CommandFailed(str(refused)) from None
    return export, partial(queries.warnings, filters=filters)


async def _write(settings: Settings, export: Export, warnings: _Warnings, file: BinaryIO, *, whole: bool) -> int:
    """Write a list and, behind the spans of a whole store, its scores and feedback; return how many the list has."""
    progress = Progress("records")
    async with opened(settings, must_exist=True) as storage:
        warn(await warnings(Observability(storage)))
        pieces = written(storage, export.query, export.make_writer)
        async with aclosing(pieces):
            async for count, piece in pieces:
                file.write(piece)
                progress.at(progress.done + count)
        if whole:
            for query in _ASSESSMENTS:
                make_writer = partial(JsonLines, query.kind.record, (), chosen=False)
                async with aclosing(written(storage, query, make_writer)) as pieces:
                    async for _, piece in pieces:
                        file.write(piece)
    progress.over()
    return progress.done


def _copy(url: str, asked: dict[str, Any], file: BinaryIO) -> int:
    """Write what a server answers; return its bytes."""
    copied, progress = 0, Progress("bytes")
    with answer_of_server(url, "/export", asked) as answer:
        while piece := answer(_PIECE):
            copied += file.write(piece)
            progress.at(copied)
    progress.over()
    return copied


@contextmanager
def _target(name: str | None) -> Generator[BinaryIO]:
    """Give the file to write to. Raises `CommandFailed` if it cannot be written."""
    try:
        with nullcontext(sys.stdout.buffer) if name is None else Path(name).open("wb") as file:
            yield file
            file.flush()
    except BrokenPipeError:
        raise CommandFailed("The reader of the output closed it.") from None
    except OSError as error:
        raise CommandFailed(f"{name or 'Standard output'} cannot be written: {error.strerror}.") from None
