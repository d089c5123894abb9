"""OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp), in protobuf or JSON.

Every response has the media type of its request.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from spanwell.http.transport.body import read_body
from spanwell.http.transport.doors import Doors
from spanwell.http.transport.responses import RETRY_AFTER, json_response
from spanwell.observability.model.errors import (
    Forbidden,
    InvalidInput,
    Overloaded,
    ResourceExhausted,
    StorageUnavailable,
)
from spanwell.observability.model.span_batch import Form
from spanwell.observability.service import Observability
from spanwell.observability.threads import Threads
from spanwell.otlp.documents import Read, read_json, read_protobuf

logger = logging.getLogger(__name__)

_GRPC: Mapping[int, int] = {401: 16, 403: 7, 429: 8, 503: 14}
"""The gRPC codes of HTTP statuses."""
_INVALID_ARGUMENT, _UNAVAILABLE, _INTERNAL = 3, 14, 13


@dataclass(frozen=True)
class Format:
    """An encoding: how requests are decoded, and responses encoded."""

    form: Form
    read: Read
    respond: Callable[[Message, int, Mapping[str, str]], Response]
    fail: Callable[[int, str, int, Mapping[str, str]], Response]


class OtlpEndpoint(ABC):
    """Receives one signal from OpenTelemetry exporters; it has no state between requests."""

    def __init__(self, service: Observability, max_body_bytes: int, doors: Doors, threads: Threads) -> None:
        self._service = service
        self._max_body_bytes = max_body_bytes
        self._doors = doors
        self.threads = threads

    @abstractmethod
    async def answer(self, service: Observability, written: Format, body: bytes) -> Message:
        """Return the response to an export; the service is limited to the caller's scopes. Raises `InvalidInput`."""

    async def handle(self, request: Request) -> Response:
        """Return the response to an export, or to an error."""
        written = _format_of(request)
        try:
            service = self._service.allowed(self._doors.access(request))
            answer = await self.answer(service, written, await read_body(request, self._max_body_bytes))
        except Forbidden as error:
            return written.fail(_GRPC[403], str(error), 403, {})
        except InvalidInput as error:
            return written.fail(_INVALID_ARGUMENT, str(error), 400, {})
        except HTTPException as error:
            code = _GRPC.get(error.status_code, _INVALID_ARGUMENT)
            return written.fail(code, error.detail, error.status_code, error.headers or {})
        except (Overloaded, ResourceExhausted, StorageUnavailable) as error:
            return written.fail(_UNAVAILABLE, str(error), 503, RETRY_AFTER)
        except Exception:
            logger.exception("An export failed.")
            return written.fail(_INTERNAL, "Internal server error.", 500, {})
        return written.respond(answer, 200, {})


def _format_of(request: Request) -> Format:
    stated = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if stated not in _FORMATS:
        detail = "The Content-Type must be application/x-protobuf or application/json."
        raise HTTPException(415, detail, {"connection": "close"})
    return _FORMATS[stated]


def _respond_in_protobuf(message: Message, status: int, headers: Mapping[str, str]) -> Response:
    return Response(message.SerializeToString(), status, dict(headers), "application/x-protobuf")


def _fail_in_protobuf(code: int, detail: str, status: int, headers: Mapping[str, str]) -> Response:
    """Return a `google.rpc.Status`: field 1 is the code, field 2 the message."""
    text = detail.encode()
    content = b"\x08" + bytes([code]) + b"\x12" + _varint(len(text)) + text
    return Response(content, status, dict(headers), "application/x-protobuf")


def _varint(number: int) -> bytes:
    return bytes([number & 0x7F | 0x80]) + _varint(number >> 7) if number > 0x7F else bytes([number])


def _respond_in_json(message: Message, status: int, headers: Mapping[str, str]) -> Response:
    return json_response(MessageToDict(message), status, headers, "application/json")


def _fail_in_json(code: int, detail: str, status: int, headers: Mapping[str, str]) -> Response:
    content: dict[str, Any] = {"code": code, "message": detail}
    return json_response(content, status, headers, "application/json")


_FORMATS: Mapping[str, Format] = {
    "application/x-protobuf": Format("otlp-protobuf", read_protobuf, _respond_in_protobuf, _fail_in_protobuf),
    "application/json": Format("otlp-json", read_json, _respond_in_json, _fail_in_json),
}
