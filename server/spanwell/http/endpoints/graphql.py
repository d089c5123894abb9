"""GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft).

Requests that are refused before execution get 400, or the status of their error code, so that monitoring and retries
need not read bodies. Clients that accept only `application/json` get 200 for an invalid document.
"""

from collections.abc import Callable
from functools import partial

import orjson
from anyio import to_thread
from graphql import OperationType
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.failures import Code, Failure, Refused
from spanwell.graphql.execution.prepared import Answer, Prepared
from spanwell.http.streams.channels import Streams
from spanwell.http.streams.sse import EVENTS, EventStream
from spanwell.http.transport.answers import answers
from spanwell.http.transport.body import read_body
from spanwell.http.transport.doors import Doors
from spanwell.http.transport.leaving import EndedByLeaving
from spanwell.http.transport.persisted import PersistedDocuments
from spanwell.http.transport.requests import Params, check_media_type, params_of_body, params_of_url
from spanwell.http.transport.responses import (
    GRAPHQL_JSON,
    JsonResponse,
    accepted_types,
    json_response,
    media_type_among,
    status_of,
)
from spanwell.observability.access import Access

PATH = "/graphql"
_OK = 200  # reading a member of `HTTPStatus` takes a call
_WORTH_A_THREAD = 1024 * 1024
"""Bytes of a request body that take some milliseconds to read."""
_NAMES = frozenset({"query", "documentId", "extensions"})
"""A GET has one of these parameters, unless a browser just opens the URL."""

_OF_DOCUMENTS = frozenset({Code.GRAPHQL_PARSE_FAILED, Code.GRAPHQL_VALIDATION_FAILED, Code.BAD_USER_INPUT})


class GraphQLEndpoint:
    """Answers GET (queries only) and POST. A browser without a query is redirected to `playground`."""

    def __init__(  # noqa: PLR0913 - the last three are passed by name
        self,
        execution: Execution,
        make_context: Callable[[Access], object],
        max_body_bytes: int,
        streams: Streams,
        *,
        doors: Doors | None = None,
        persisted: PersistedDocuments | None = None,
        playground: str | None = None,
    ) -> None:
        self._execution = execution
        self._make_context = make_context
        self._streams = streams
        self._doors = doors or Doors()
        self._persisted = persisted or PersistedDocuments()
        self._max_body_bytes = max_body_bytes
        self._playground = playground

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; an ASGI application, so that Starlette puts no layer around it."""
        response = await self.handle(Request(scope, receive, send))
        await response(scope, receive, send)

    async def handle(self, request: Request) -> Response:
        """Return the response to a request of either method."""
        with EndedByLeaving(request.scope):
            if request.method == "POST":
                return await self._post(request, self._doors.access(request))
            if request.method == "GET":
                return await self._get(request)
        raise HTTPException(405, "GraphQL requests must use GET or POST.", {"allow": "GET, POST"})

    async def _post(self, request: Request, access: Access) -> Response:
        check_media_type(request.scope["headers"])
        body = await read_body(request, self._max_body_bytes)
        is_large = len(body) > _WORTH_A_THREAD
        params = await to_thread.run_sync(params_of_body, body) if is_large else params_of_body(body)
        return await self._answer(request, access, params, only_queries=False)

    async def _get(self, request: Request) -> Response:
        if (
            self._playground
            and not _NAMES & request.query_params.keys()
            and "text/html" in accepted_types(request.scope["headers"])
        ):
            return RedirectResponse(self._playground)
        access = self._doors.access(request)
        return await self._answer(request, access, params_of_url(request.query_params), only_queries=True)

    async def _answer(self, request: Request, access: Access, params: Params, *, only_queries: bool) -> Response:
        types = accepted_types(request.scope["headers"])
        media_type = media_type_among(types)
        try:
            prepared = await self._execution.prepare_beside(self._persisted.request_of(params))
            streamed = _wants_events(types, prepared)
            _check_type(prepared.operation_type, only_queries=only_queries, streamed=streamed)
            if streamed:
                given = answers(self._execution, prepared, partial(self._make_context, access))
                return EventStream(given, self._streams, self._doors.still_open(request))
            answer = await self._execution.execute(prepared, self._make_context(access))
        except Refused as refusal:
            status = _status_of_refusal(types, refusal)
            return json_response({"errors": refusal.failures}, status, media_type=media_type)
        if (status := _status(answer)) != _OK:
            return json_response(orjson.Fragment(answer.json), status, media_type=media_type)
        return JsonResponse(answer.json, media_type=media_type)


def _check_type(operation_type: OperationType, *, only_queries: bool, streamed: bool) -> None:
    if only_queries and operation_type is OperationType.MUTATION:
        raise HTTPException(405, "Mutations must use POST.", {"allow": "POST"})
    if operation_type is OperationType.SUBSCRIPTION and not streamed:
        raise HTTPException(
            400,
            "Subscriptions are not available as JSON: use server-sent events (`accept: text/event-stream`) or a "
            "WebSocket with the graphql-transport-ws protocol.",
        )


def _wants_events(types: frozenset[str], prepared: Prepared) -> bool:
    """Return whether to send events. A client that also accepts JSON gets events only from a subscription."""
    if EVENTS not in types:
        return False
    subscribes = prepared.operation_type is OperationType.SUBSCRIPTION
    return subscribes or types.isdisjoint((GRAPHQL_JSON, "application/json"))


def _status(answer: Answer) -> int:
    """Return 200, even if fields failed; 503 if the server was too busy to do anything, so that clients retry."""
    nothing = answer.data is None and _first_code(answer.failures) is Code.OVERLOADED
    return status_of(Code.OVERLOADED) if nothing else 200


def _status_of_refusal(types: frozenset[str], refusal: Refused) -> int:
    """Return the status of an error code; 200 for an invalid document if only `application/json` is accepted.

    The draft specifies this, because clients of that older media type ignore the body of other statuses.
    """
    code = _first_code(refusal.failures)
    older = "application/json" in types and GRAPHQL_JSON not in types
    return 200 if older and code in _OF_DOCUMENTS else status_of(code)


def _first_code(failures: list[Failure]) -> Code:
    return Code(failures[0]["extensions"]["code"])
