"""OTLP requests as bytes: protobuf, and JSON with its two peculiarities.

OTLP/JSON is protobuf's JSON but that ids are hexadecimal and not base64, and that unknown fields are ignored
(https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
"""

from typing import Any

import msgspec
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwell.observability.model.errors import InvalidInput

from .json_messages import read_message


def parse_protobuf(body: bytes) -> ExportTraceServiceRequest:
    """Return the request in a protobuf message. Raises `InvalidInput`."""
    try:
        return ExportTraceServiceRequest.FromString(body)
    except DecodeError:
        raise InvalidInput("is not an ExportTraceServiceRequest in protobuf", "body") from None


def parse_json(body: bytes) -> ExportTraceServiceRequest:
    """Return the request in a JSON object. Raises `InvalidInput`."""
    try:
        document = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidInput("is not a JSON object in UTF-8", "body") from None
    return read_document(document)


def read_document(document: dict[str, Any]) -> ExportTraceServiceRequest:
    """Return the request that a decoded JSON object is. Raises `InvalidInput` naming the member at fault."""
    return ExportTraceServiceRequest(**read_message(ExportTraceServiceRequest.DESCRIPTOR, document))


def write_document(request: ExportTraceServiceRequest) -> dict[str, Any]:
    """Return a request as an object of OTLP/JSON."""
    document: dict[str, Any] = MessageToDict(request, use_integers_for_enums=True)
    for resource, written in zip(request.resource_spans, document.get("resourceSpans", ()), strict=True):
        for scope, within in zip(resource.scope_spans, written.get("scopeSpans", ()), strict=True):
            for span, fields in zip(scope.spans, within.get("spans", ()), strict=True):
                _write_ids(span, fields)
                for link, inner in zip(span.links, fields.get("links", ()), strict=True):
                    _write_ids(link, inner)
    return document


def _write_ids(message: Any, fields: dict[str, Any]) -> None:
    for name, value in (("traceId", message.trace_id), ("spanId", message.span_id)):
        if value:
            fields[name] = value.hex()
    if "parentSpanId" in fields:
        fields["parentSpanId"] = message.parent_span_id.hex()
