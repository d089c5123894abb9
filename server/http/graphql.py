"""GraphQL over HTTP, after https://graphql.github.io/graphql-over-http/draft.

Requests that are refused before execution answer 400 (or what their code says) in both media types, also where the
draft would have 200 for `application/json`: monitoring and retries then see what happened without reading bodies.
"""

import re
from collections.abc import Callable
from typing import Any

from graphql import OperationType
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.graphql.execution import Answer, Execution, GraphQLRequest
from server.graphql.failures import Code, Failure, Refused

from .body import read_body
from .requests import check_media_type, request_of_body, request_of_url
from .responses import JSON, json_response, status_of

PATH = "/graphql"
_GRAPHQL_JSON = "application/graphql-response+json"
_REFUSED = re.compile(r"q=0(\.0*)?")


class GraphQLEndpoint:
    """Answers GET (queries only) and POST. `playground` is where a browser that asks nothing is sent."""

    def __init__(
        self,
        execution: Execution,
        make_context: Callable[[], object],
        max_body_bytes: int,
        playground: str | None = None,
    ) -> None:
        self._execution = execution
        self._make_context = make_context
        self._max_body_bytes = max_body_bytes
        self._playground = playground

    async def handle(self, request: Request) -> Response:
        """Answer a request of either method."""
        if request.method == "POST":
            return await self._post(request)
        if request.method == "GET":
            return await self._get(request)
        raise HTTPException(405, "GraphQL is asked with GET or POST.", {"allow": "GET, POST"})

    async def _post(self, request: Request) -> Response:
        check_media_type(request.headers)
        body = await read_body(request, self._max_body_bytes)
        return await self._answer(request, request_of_body(body), only_queries=False)

    async def _get(self, request: Request) -> Response:
        if self._playground and "query" not in request.query_params and _accepts(request, "text/html"):
            return RedirectResponse(self._playground)
        return await self._answer(request, request_of_url(request.query_params), only_queries=True)

    async def _answer(self, request: Request, asked: GraphQLRequest, *, only_queries: bool) -> Response:
        media_type = _GRAPHQL_JSON if _accepts(request, _GRAPHQL_JSON) else JSON
        try:
            prepared = self._execution.prepare(asked)
            _check_type(prepared.operation_type, only_queries=only_queries)
            answer = await self._execution.execute(prepared, self._make_context())
        except Refused as refusal:
            status = status_of(_first_code(refusal.failures))
            return json_response({"errors": refusal.failures}, status, media_type=media_type)
        return json_response(_content(answer), _status(answer), media_type=media_type)


def _check_type(operation_type: OperationType, *, only_queries: bool) -> None:
    if only_queries and operation_type is not OperationType.QUERY:
        raise HTTPException(405, f"A {operation_type.value} needs POST.", {"allow": "POST"})
    if operation_type is OperationType.SUBSCRIPTION:
        raise HTTPException(400, "Subscriptions are not answered over plain HTTP.")


def _content(answer: Answer) -> dict[str, Any]:
    # Errors first, so that they are seen before a long `data`, as the GraphQL specification advises.
    return {"errors": answer.failures, "data": answer.data} if answer.failures else {"data": answer.data}


def _status(answer: Answer) -> int:
    """Return 200, also where fields failed; but an overloaded server that did nothing says so to every retry logic."""
    nothing = answer.data is None and _first_code(answer.failures) is Code.OVERLOADED
    return status_of(Code.OVERLOADED) if nothing else 200


def _first_code(failures: list[Failure]) -> Code:
    return Code(failures[0]["extensions"]["code"])


def _accepts(request: Request, media_type: str) -> bool:
    """Whether a media type is named among those that are accepted; `*/*` does not name it."""
    for part in ",".join(request.headers.getlist("accept")).split(","):
        name, *parameters = part.replace(" ", "").lower().split(";")
        if name == media_type:
            return not any(_REFUSED.fullmatch(parameter) for parameter in parameters)
    return False
