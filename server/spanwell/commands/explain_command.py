"""`spanwell explain`."""

import argparse
import asyncio
import sys

from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.failures import Refused
from spanwell.graphql.execution.prepared import GraphQLRequest
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import schema
from spanwell.observability.service import Observability
from spanwell.settings import Settings
from spanwell.storage.duckdb.conditions.sql import Sql

from . import CommandFailed
from .stores import opened


def run(arguments: argparse.Namespace) -> int:
    """Show the SQL that a GraphQL query is answered with, from an empty store in memory."""
    asyncio.run(_ask(arguments.query))
    return 0


def _show(statement: Sql) -> None:
    sys.stdout.write(f"{statement.text}\n--> {list(statement.values)!r}\n")


async def _ask(query: str) -> None:
    execution = Execution(core_schema(schema))
    async with opened(Settings(db=":memory:"), on_statement=_show) as storage:
        try:
            prepared = execution.prepare(GraphQLRequest(query))
            answer = await execution.execute(prepared, Context(Observability(storage)))
        except Refused as refused:
            raise CommandFailed(str(refused)) from None
        for failure in answer.failures:
            raise CommandFailed(str(failure["message"]))
