"""`spanwell stats`."""

import argparse
import asyncio
import sys
from typing import Any, TypeAlias

import orjson

from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.prepared import GraphQLRequest
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import schema
from spanwell.observability.model.columns import camel
from spanwell.observability.model.text import json_of
from spanwell.observability.service import Observability
from spanwell.options import read_settings
from spanwell.settings import Settings
from spanwell.storage import SCHEMA_VERSION

from . import CommandFailed
from .remote.servers import answer_of_server
from .stores import opened

Answer: TypeAlias = dict[str, Any]

_MOST_SERVICES = 100
"""How many services are named; each costs a look at the store."""
_PATIENCE = 86_400
_COUNTS = """
  spans { totalCount }
  traces { totalCount }
  runningSpans: spans(filter: {status: {eq: RUNNING}}) { totalCount }
  failedSpans: spans(filter: {status: {eq: ERROR}}) { totalCount }
  failedTraces: traces(filter: {hasError: {eq: true}}) { totalCount }
  rootlessTraces: traces(filter: {hasRoot: {eq: false}}) { totalCount }
"""
_QUERY = f"""{{ {_COUNTS}
  services(first: {_MOST_SERVICES}) {{ name }}
  first: spans(first: 1, orderBy: {{field: STARTED_AT, direction: ASC}}) {{ nodes {{ startedAt }} }}
  last: spans(first: 1) {{ nodes {{ startedAt }} }} }}"""
_COUNTED = ("spans", "traces", "running spans", "failed spans", "failed traces", "rootless traces")
_ROOM = "{ storage { bytes } }"


def run(arguments: argparse.Namespace) -> int:
    """Print statistics of a local store or of a running server."""
    if arguments.url is not None:
        found = _figures(_of_server(arguments.url, _QUERY), _of_server(arguments.url, _ROOM))
    else:
        counted, room = asyncio.run(_of_store(read_settings(arguments), _QUERY, _ROOM))
        found = {**_figures(counted, room), "schema version": SCHEMA_VERSION}  # opening has migrated it
    if arguments.json:
        named = {camel(name.replace(" ", "_")): value for name, value in found.items()}
        sys.stdout.write(json_of(named) + "\n")
    else:
        sys.stdout.writelines(f"{name:<18}{_shown(value):>24}\n" for name, value in found.items())
    return 0


async def _of_store(settings: Settings, *queries: str) -> list[Answer]:
    execution = Execution(core_schema(schema), timeout=_PATIENCE)
    async with opened(settings, must_exist=True) as storage:
        context = Context(Observability(storage))
        prepared = (execution.prepare(GraphQLRequest(query)) for query in queries)
        return [orjson.loads((await execution.execute(each, context)).json) for each in prepared]


def _of_server(url: str, query: str) -> Answer:
    with answer_of_server(url, "/graphql", {"query": query}) as read:
        answer: Answer = orjson.loads(read())
    return answer


def _figures(counted: Answer, room: Answer) -> dict[str, Any]:
    """Return what is said of a store. Raises `CommandFailed` with what the server says if it does not count."""
    data = counted.get("data")
    if data is None:
        raise CommandFailed(counted["errors"][0]["message"])
    counts = {name: data[camel(name.replace(" ", "_"))]["totalCount"] for name in _COUNTED}
    return {
        **counts,
        "services": sorted(service["name"] for service in data["services"]),
        "first span": _moment(data["first"]),
        "last span": _moment(data["last"]),
        # Whoever sees a part of the store alone is not told how large it is.
        "file bytes": int(room["data"]["storage"]["bytes"]) if room.get("data") else None,
    }


def _moment(page: Answer) -> str | None:
    return next((node["startedAt"] for node in page["nodes"]), None)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} or more" if len(value) == _MOST_SERVICES else f"{len(value)}"
    return f"{value:,}" if isinstance(value, int) else str(value or "none")
