"""`spanwell explain`."""

import argparse
import asyncio
import logging
import sys

from spanwell.graphql.execution.executor import Execution, GraphQLRequest
from spanwell.graphql.execution.failures import Refused
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import schema
from spanwell.observability.service import Observability
from spanwell.settings import Settings

from . import CommandFailed
from .stores import opened


def run(arguments: argparse.Namespace) -> int:
    """Show the SQL that a GraphQL query is answered with, from an empty store in memory."""
    statements = logging.getLogger("spanwell.storage.duckdb.conditions.sql")
    handler = logging.StreamHandler(sys.stdout)
    statements.addHandler(handler)
    statements.setLevel(logging.DEBUG)
    try:
        asyncio.run(_ask(arguments.query))
    finally:
        statements.removeHandler(handler)
    return 0


async def _ask(query: str) -> None:
    execution = Execution(core_schema(schema))
    async with opened(Settings(db=":memory:")) as storage:
        try:
            prepared = execution.prepare(GraphQLRequest(query))
            answer = await execution.execute(prepared, Context(Observability(storage)))
        except Refused as refused:
            raise CommandFailed(str(refused)) from None
        for failure in answer.failures:
            raise CommandFailed(str(failure["message"]))
