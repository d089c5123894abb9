"""`GET` or `POST /export`: everything that matches a filter, in a format that other tools read.

All pages come from one snapshot of the store, and are read as the client receives them. Invalid parameters are reported
before anything is sent; a later error closes the connection early, so that no client mistakes a part for the whole.
"""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import Response

from spanwell.exporting.formats import MEDIA_TYPES
from spanwell.exporting.pages import written
from spanwell.graphql.arguments.logic import used_filters
from spanwell.graphql.execution.failures import Code, Refused, refused
from spanwell.graphql.execution.list_queries import ListQueries
from spanwell.http.streams.pieces import Pieces
from spanwell.http.transport.body import read_body
from spanwell.http.transport.doors import Doors
from spanwell.http.transport.leaving import EndedByLeaving
from spanwell.http.transport.requests import check_media_type
from spanwell.http.transport.responses import json_response, status_of
from spanwell.observability.model.errors import SpanwellError
from spanwell.observability.service import Observability

from .export_query import export_of, parameters_of

PATH = "/export"
PATH_WITH_FORMAT = "/export.{format}"
"""For tools that detect the format by the end of a URL's path."""

WARNINGS = "x-spanwell-warnings"
"""The header with the `extensions.warnings` of the list, as JSON."""

_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_LARGEST_BODY = 1024 * 1024


class ExportEndpoint:
    """Answers requests for exports; reading a page may take at most `page_seconds`."""

    def __init__(self, service: Observability, queries: ListQueries, doors: Doors, page_seconds: float) -> None:
        self._service = service
        self._queries = queries
        self._doors = doors
        self._page_seconds = page_seconds

    async def handle(self, request: Request) -> Response:
        """Return the export as a stream, or an error."""
        try:
            with EndedByLeaving(request.scope):
                return await self._answer(request)
        except SpanwellError as error:
            return _refusal(refused([error]))
        except Refused as refusal:
            return _refusal(refusal)

    async def _answer(self, request: Request) -> Response:
        service = self._service.allowed(self._doors.access(request))
        storage = service.readable
        parameters = parameters_of({**request.query_params, **request.path_params}, await _body(request))
        with used_filters() as filters:
            export = export_of(parameters, self._queries)
        warnings = await self._queries.warnings(service, filters)
        pieces = written(storage, export.query, export.make_writer, export.most, self._page_seconds)
        name = f"{parameters.records}.{parameters.format}"
        headers = {**_HEADERS, "content-disposition": f'attachment; filename="{name}"'}
        if warnings:
            headers[WARNINGS] = json.dumps(warnings)
        return Pieces(await _begun(pieces), headers, MEDIA_TYPES[parameters.format])


async def _body(request: Request) -> bytes:
    if request.method != "POST":
        return b""
    check_media_type(request.scope["headers"])
    return await read_body(request, _LARGEST_BODY)


async def _begun(pieces: AsyncGenerator[tuple[int, bytes]]) -> AsyncGenerator[bytes]:
    """Return the pieces after waiting for the first, so that errors are raised before anything is sent."""
    _, first = await anext(pieces)

    async def begun() -> AsyncGenerator[bytes]:
        async with aclosing(pieces):
            yield first
            async for _, piece in pieces:
                yield piece

    return begun()


def _refusal(refusal: Refused) -> Response:
    return json_response({"errors": refusal.failures}, status_of(Code(refusal.failures[0]["extensions"]["code"])))
