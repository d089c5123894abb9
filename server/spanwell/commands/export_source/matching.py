"""Spans that meet a filter, asked of a store, or of a running server, page by page through the API."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import msgspec
import orjson

from spanwell.commands import CommandFailed
from spanwell.commands.stores import opened
from spanwell.graphql.execution.executor import Execution, GraphQLRequest
from spanwell.graphql.execution.failures import Refused
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import schema
from spanwell.observability.model.span import GIVEN_COLUMNS
from spanwell.observability.service import Observability
from spanwell.settings import Settings

FIELDS = ("traceId", "spanId", *(column.label for column in GIVEN_COLUMNS))
"""What is written of a span: all that `import` reads again."""

_AT_ONCE = 1_000
_PATIENCE = 60
_QUERY = f"""query($filter: SpanFilter, $after: String) {{
  spans(filter: $filter, after: $after, first: {_AT_ONCE}, orderBy: [{{field: STARTED_AT, direction: ASC}}]) {{
    nodes {{ {" ".join(FIELDS)} }} pageInfo {{ hasNextPage endCursor }} }} }}"""

Ask: TypeAlias = Callable[[dict[str, Any]], Awaitable[bytes]]
"""Returns the answer to the query with some variables."""


class _PageInfo(msgspec.Struct, rename="camel"):
    has_next_page: bool
    end_cursor: str | None


class _Spans(msgspec.Struct, rename="camel"):
    nodes: list[dict[str, msgspec.Raw]]
    page_info: _PageInfo


class _Data(msgspec.Struct):
    spans: _Spans


class _Error(msgspec.Struct):
    message: str


class _Answer(msgspec.Struct):
    data: _Data | None = None
    errors: list[_Error] = []


def to_filter(text: str | None) -> dict[str, Any] | None:
    """Return a filter that is written as JSON. Raises `CommandFailed`."""
    try:
        return None if text is None else msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError:
        raise CommandFailed('`--filter` is not a JSON object, such as \'{"status": {"eq": "ERROR"}}\'.') from None


async def matching_lines(ask: Ask, asked: dict[str, Any] | None) -> AsyncGenerator[list[bytes]]:
    """Yield the spans that meet a filter as lines of JSON, the oldest first. Raises `CommandFailed`."""
    after: str | None = None
    more = True
    while more:
        answer = msgspec.json.decode(await ask({"filter": asked, "after": after}), type=_Answer)
        if answer.data is None or answer.errors:
            raise CommandFailed(answer.errors[0].message if answer.errors else "The answer holds no spans.")
        spans = answer.data.spans
        yield [_line(node) for node in spans.nodes]
        more, after = spans.page_info.has_next_page, spans.page_info.end_cursor


def _line(node: dict[str, msgspec.Raw]) -> bytes:
    there = {name: value for name, value in node.items() if bytes(value) != b"null"}
    return msgspec.json.encode(there).replace(b"\r", b" ").replace(b"\n", b" ") + b"\n"


@asynccontextmanager
async def asked_of_store(settings: Settings) -> AsyncGenerator[Ask]:
    """Give what asks a store that no server has open."""
    execution = Execution(core_schema(schema), timeout=86_400)
    async with opened(settings, must_exist=True) as storage:

        async def ask(variables: dict[str, Any]) -> bytes:
            try:
                prepared = execution.prepare(GraphQLRequest(_QUERY, variables=variables))
                answer = await execution.execute(prepared, Context(Observability(storage)))
            except Refused as refused:
                return orjson.dumps({"errors": refused.failures})
            return answer.json

        yield ask


@asynccontextmanager
async def asked_of_server(url: str, token: str | None) -> AsyncGenerator[Ask]:
    """Give what asks a running server, whose address is given."""
    headers = {"content-type": "application/json", "accept": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"

    def send(variables: dict[str, Any]) -> bytes:
        body = orjson.dumps({"query": _QUERY, "variables": variables})
        request = Request(f"{url.rstrip('/')}/graphql", body, headers)  # noqa: S310 - the scheme is checked
        try:
            with urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310 - as above
                found: bytes = answer.read()
                return found
        except HTTPError as error:
            raise CommandFailed(f"{url} answered {error.code} {error.reason}.") from None
        except (URLError, OSError) as error:
            raise CommandFailed(f"{url} cannot be reached: {getattr(error, 'reason', error)}.") from None

    async def ask(variables: dict[str, Any]) -> bytes:
        return await asyncio.to_thread(send, variables)

    if not url.startswith(("http://", "https://")):
        raise CommandFailed("`--url` is not the address of a server, such as http://127.0.0.1:8000.")
    yield ask
