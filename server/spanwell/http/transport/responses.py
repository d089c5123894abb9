"""HTTP responses: JSON, and for every failure a status and a body of one shape."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from spanwell.graphql.execution.failures import Code

from .raw_headers import RawHeaders, all_stated

JSON = "application/json; charset=utf-8"
GRAPHQL_JSON = "application/graphql-response+json"

_REFUSED = re.compile(r"q=0(\.0*)?")

RETRY_AFTER = {"retry-after": "1"}

_HEADERS = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))

_CODES: Mapping[int, Code] = {
    401: Code.UNAUTHENTICATED,
    403: Code.FORBIDDEN,
    404: Code.NOT_FOUND,
    408: Code.TIMEOUT,
    429: Code.OVERLOADED,
    503: Code.OVERLOADED,
}
_STATUSES: Mapping[Code, int] = {
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    Code.INTERNAL: 500,
    Code.OVERLOADED: 503,
    Code.RESOURCE_EXHAUSTED: 503,
    Code.TIMEOUT: 504,
}


def status_of(code: Code) -> int:
    """Return the HTTP status for an error code; 400 unless the code has its own."""
    return _STATUSES.get(code, 400)


def json_response(
    content: Any, status: int = 200, headers: Mapping[str, str] | None = None, media_type: str = JSON
) -> Response:
    """Return content as a JSON response; `orjson.Fragment`s in it are sent unchanged."""
    if status == 503:
        headers = {**RETRY_AFTER, **(headers or {})}
    return JsonResponse(orjson.dumps(content), status, headers, media_type)


class JsonResponse(Response):
    """JSON as bytes, with the common headers; avoids Starlette's scan of all headers."""

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """Build the headers."""
        self.raw_headers = [(b"content-length", b"%d" % len(self.body)), *_raw_headers(self.media_type or JSON)]
        if headers:
            self.raw_headers += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


@lru_cache(maxsize=8)
def _raw_headers(media_type: str) -> tuple[tuple[bytes, bytes], ...]:
    return ((b"content-type", media_type.encode("latin-1")), *_HEADERS)


def accepted_types(headers: RawHeaders) -> frozenset[str]:
    """Return the media types that the Accept header names; `*/*` does not count."""
    return accepted(headers, b"accept")


def accepted(headers: RawHeaders, name: bytes) -> frozenset[str]:
    """Return the values that a header accepts, without those at `q=0`; of a repeated value, the first counts."""
    found = all_stated(headers, name)
    return _accepted(b",".join(found)) if found else frozenset()


@lru_cache(maxsize=256)
def _accepted(stated: bytes) -> frozenset[str]:
    named: dict[str, bool] = {}
    for part in stated.decode("latin-1").split(","):
        name, *parameters = part.replace(" ", "").lower().split(";")
        named.setdefault(name, not any(_REFUSED.fullmatch(parameter) for parameter in parameters))
    return frozenset(name for name, taken in named.items() if taken)


def media_type_for(headers: RawHeaders) -> str:
    """Return the media type of a GraphQL answer; clients only show an error message in a type that they know."""
    return media_type_among(accepted_types(headers))


def media_type_among(types: frozenset[str]) -> str:
    """Return the media type of a GraphQL answer for a client that accepts some types."""
    return GRAPHQL_JSON if GRAPHQL_JSON in types else JSON


def failure_response(error: Exception, media_type: str = JSON) -> Response:
    """Return the response to a transport failure: an unknown path, a wrong method, an unreadable body."""
    status, detail, headers = 500, "Internal server error.", None
    if isinstance(error, HTTPException):
        status, detail, headers = error.status_code, error.detail, error.headers
    code = Code.INTERNAL if status == 500 else _CODES.get(status, Code.BAD_USER_INPUT)
    return json_response({"errors": [{"message": detail, "extensions": {"code": code}}]}, status, headers, media_type)


async def http_failure(request: Request, error: Exception) -> Response:
    """Answer an exception that no endpoint caught."""
    return failure_response(error, media_type_for(request.scope["headers"]))
