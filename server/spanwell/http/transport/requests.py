"""Parses GraphQL requests from HTTP requests, strictly: anything invalid is refused with a reason."""

from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from spanwell.observability.model.text import repaired_json

from .no_numbers import place_of_no_number
from .raw_headers import RawHeaders, all_stated

T = TypeVar("T")


NO_VARIABLES = msgspec.Raw(b"null")
"""What `Params` has as variables if the request has none."""


class Params(msgspec.Struct, rename="camel"):
    """A GraphQL request as JSON. Unknown keys are ignored; of a repeated key, the last counts."""

    query: str | None = None
    document_id: str | None = None
    operation_name: str | None = None
    variables: msgspec.Raw = NO_VARIABLES
    extensions: dict[str, Any] | None = None


_DECODER = msgspec.json.Decoder(Params)
_OBJECT = msgspec.json.Decoder(dict[str, Any] | None)


def check_media_type(headers: RawHeaders) -> None:
    """Raise `HTTPException` 415 unless the Content-Type is application/json in UTF-8.

    A page of another origin cannot send that type without a CORS preflight, so its forms cannot reach a mutation.
    """
    found = all_stated(headers, b"content-type")
    _check_content_type(found[0] if len(found) == 1 else b"")


@lru_cache(maxsize=64)
def _check_content_type(stated: bytes) -> None:
    media_type, *parameters = stated.decode("latin-1").split(";")
    if media_type.strip().lower() != "application/json":
        files = "File uploads are not supported." if media_type.strip().lower() == "multipart/form-data" else ""
        raise HTTPException(415, f"The Content-Type must be application/json.{files}")
    for parameter in parameters:
        name, _, value = parameter.strip().lower().partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "utf8"):
            raise HTTPException(415, "The request body must be UTF-8.")


def params_of_body(body: bytes) -> Params:
    """Return the request in a JSON body. Raises `HTTPException` 400."""
    if body.lstrip()[:1] == b"[":
        raise HTTPException(
            400,
            "Batches of operations are not supported: send each as its own request, or as fields of one operation.",
        )
    try:
        return _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _decode(_DECODER, repaired_json(body), "request body")


def params_of_url(params: QueryParams) -> Params:
    """Return the request in a URL's query string. Raises `HTTPException` 400."""
    return Params(
        params.get("query"),
        params.get("documentId"),
        params.get("operationName") or None,
        msgspec.Raw(_json(params, "variables")),
        _decode(_OBJECT, _json(params, "extensions"), "`extensions`"),
    )


def _json(params: QueryParams, name: str) -> bytes:
    return (params.get(name) or "null").encode("utf-8", "surrogatepass")


def _decode(decoder: msgspec.json.Decoder[T], text: bytes, what: str) -> T:
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        raise HTTPException(400, f"The {what} is invalid: {str(error)[:200]}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if (place := place_of_no_number(text)) is not None:
            problem = f"The {what} is not valid JSON: `{place}` is not a number; use null, or omit it."
            raise HTTPException(400, problem) from None
        raise HTTPException(400, f"The {what} is not valid JSON in UTF-8.") from None
