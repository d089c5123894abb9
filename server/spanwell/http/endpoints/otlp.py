"""OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp): `POST /v1/traces`, in protobuf or JSON.

An answer of 200 means that every span is on disk, but for those that `partialSuccess` counts as rejected. Whatever is
answered is in the media type of the request.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from spanwell.http.transport.body import read_body
from spanwell.http.transport.responses import json_response
from spanwell.observability.model.errors import InvalidInput, Overloaded, ResourceExhausted, StorageUnavailable
from spanwell.observability.model.prepared_batch import Ahead, Form
from spanwell.observability.service import Observability
from spanwell.otlp.decoding import Decoded, decode
from spanwell.otlp.documents import parse_json, parse_protobuf
from spanwell.otlp.repair import Faults

logger = logging.getLogger(__name__)

_MOST_REASONS = 3
_BIG = 16 * 1024
"""Bytes of an export, some 20 spans, that are worth another process's time."""
_INVALID_ARGUMENT, _UNAVAILABLE, _INTERNAL = 3, 14, 13
_RETRY = {"retry-after": "1"}


@dataclass(frozen=True)
class _Format:
    """One of the two encodings: how requests are read, and how answers are written."""

    form: Form
    parse: Callable[[bytes, Faults], ExportTraceServiceRequest]
    respond: Callable[[Message, int, Mapping[str, str]], Response]
    fail: Callable[[int, str, int, Mapping[str, str]], Response]


class OtlpEndpoint:
    """Stores what OpenTelemetry's exporters send; `ahead` may know what spans an export holds."""

    def __init__(self, service: Observability, max_body_bytes: int, ahead: Ahead | None = None) -> None:
        self._service = service
        self._max_body_bytes = max_body_bytes
        self._ahead = ahead

    async def handle(self, request: Request) -> Response:
        """Answer an export."""
        written = _format_of(request)
        try:
            body = await read_body(request, self._max_body_bytes)
            decoded = await asyncio.to_thread(self._decoded, written, body)
            await self._store(decoded)
        except InvalidInput as error:
            return written.fail(_INVALID_ARGUMENT, f"{str(error).rstrip('.')}.", 400, {})
        except HTTPException as error:
            return written.fail(_INVALID_ARGUMENT, error.detail, error.status_code, error.headers or {})
        except (Overloaded, ResourceExhausted, StorageUnavailable) as error:
            return written.fail(_UNAVAILABLE, str(error), 503, _RETRY)
        except Exception:
            logger.exception("An export failed.")
            return written.fail(_INTERNAL, "Something went wrong on the server.", 500, {})
        return written.respond(_response(decoded), 200, {})

    def _decoded(self, written: _Format, body: bytes) -> Decoded:
        spans = self._ahead(written.form, body) if self._ahead and len(body) > _BIG else None
        if spans is not None:
            return Decoded(spans)
        faults: Faults = []
        decoded = decode(written.parse(body, faults))
        decoded.faults = faults
        return decoded

    async def _store(self, decoded: Decoded) -> None:
        for index, error in await self._service.create_good_spans(decoded.spans):
            decoded.rejected.append(error.within(decoded.place(index)))


def _response(decoded: Decoded) -> ExportTraceServiceResponse:
    """Return an empty answer; or how many spans were rejected and why, and what was not read as it stands."""
    elements = {error.element for error in decoded.rejected}
    wrong = [*decoded.rejected, *(fault for fault in decoded.faults if fault.element not in elements)]
    warnings = [
        f"The times of {count:,} spans are no nanoseconds and were read as {unit}."
        for unit, count in decoded.units.items()
    ]
    if not wrong and not warnings:
        return ExportTraceServiceResponse()
    reasons = " ".join([*(f"{str(error).rstrip('.')}." for error in wrong[:_MOST_REASONS]), *warnings])
    more = f" And {len(wrong) - _MOST_REASONS:,} more." if len(wrong) > _MOST_REASONS else ""
    partial = ExportTracePartialSuccess(rejected_spans=len(decoded.rejected), error_message=reasons + more)
    return ExportTraceServiceResponse(partial_success=partial)


def _format_of(request: Request) -> _Format:
    stated = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if stated not in _FORMATS:
        detail = "The Content-Type must be application/x-protobuf or application/json."
        raise HTTPException(415, detail, {"connection": "close"})
    return _FORMATS[stated]


def _respond_in_protobuf(message: Message, status: int, headers: Mapping[str, str]) -> Response:
    return Response(message.SerializeToString(), status, dict(headers), "application/x-protobuf")


def _fail_in_protobuf(code: int, detail: str, status: int, headers: Mapping[str, str]) -> Response:
    """Answer with a `google.rpc.Status`: field 1 is the code, field 2 the message."""
    text = detail.encode()
    size = bytes([len(text) & 0x7F | 0x80, len(text) >> 7]) if len(text) > 127 else bytes([len(text)])
    return Response(b"\x08" + bytes([code]) + b"\x12" + size + text, status, dict(headers), "application/x-protobuf")


def _respond_in_json(message: Message, status: int, headers: Mapping[str, str]) -> Response:
    return json_response(MessageToDict(message), status, headers, "application/json")


def _fail_in_json(code: int, detail: str, status: int, headers: Mapping[str, str]) -> Response:
    content: dict[str, Any] = {"code": code, "message": detail}
    return json_response(content, status, headers, "application/json")


_FORMATS: Mapping[str, _Format] = {
    "application/x-protobuf": _Format("otlp-protobuf", parse_protobuf, _respond_in_protobuf, _fail_in_protobuf),
    "application/json": _Format("otlp-json", parse_json, _respond_in_json, _fail_in_json),
}
