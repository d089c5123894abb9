"""Parses and writes OTLP requests: protobuf, and OTLP/JSON with its two peculiarities.

OTLP/JSON is protobuf's JSON, except that ids are hexadecimal instead of base64, and that unknown fields are ignored
(https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). An invalid value costs that value only: it is left
out or replaced, and reported in `faults`, since exporters do not resend a refused request.
"""

import json
from typing import Any, Protocol, TypeVar

import msgspec
from google.protobuf.descriptor import Descriptor
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.text import repaired_json

from .json_messages import read_message
from .repair import Faults, cleaned, name_replaced, repaired_protobuf

M = TypeVar("M", bound=Message)


class Read(Protocol):
    """Parses a message of type `kind`."""

    def __call__(self, kind: type[M], body: bytes, faults: Faults, /) -> M:
        """Return the message in a body; adds invalid values to `faults`. Raises `InvalidInput`."""
        ...


_OBJECT: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])


def parse_protobuf(body: bytes, faults: Faults) -> ExportTraceServiceRequest:
    """Return the request in a protobuf message. Raises `InvalidInput`."""
    return read_protobuf(ExportTraceServiceRequest, body, faults)


def parse_json(body: bytes, faults: Faults) -> ExportTraceServiceRequest:
    """Return the request in an OTLP/JSON body. Raises `InvalidInput`."""
    return read_json(ExportTraceServiceRequest, body, faults)


def read_protobuf(kind: type[M], body: bytes, faults: Faults) -> M:
    """Return the message of type `kind` in a protobuf body. Raises `InvalidInput`."""
    try:
        return kind.FromString(body)
    except DecodeError:
        pass
    try:
        return kind.FromString(repaired_protobuf(_descriptor(kind), body, faults))
    except (DecodeError, RecursionError):
        raise InvalidInput(f"is not an {kind.DESCRIPTOR.name} in protobuf", "body") from None


def read_json(kind: type[M], body: bytes, faults: Faults) -> M:
    """Return the message of type `kind` in an OTLP/JSON body. Raises `InvalidInput`."""
    return read_document(kind, decode_document(body, faults), faults)


def decode_document(body: bytes, faults: Faults) -> dict[str, Any]:
    """Return the JSON object in a body. Raises `InvalidInput`."""
    try:
        return _OBJECT.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _repaired_document(body, faults)


def _repaired_document(body: bytes, faults: Faults) -> dict[str, Any]:
    """Return the JSON object in a body with invalid UTF-8, or with numbers or control characters that JSON forbids."""
    repaired = repaired_json(body)
    try:
        document = json.loads(repaired, parse_constant=str, strict=False)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise InvalidInput("is not a JSON object in UTF-8", "body")
    if repaired != body:
        name_replaced(document, faults)
    return document


def read_document(kind: type[M], document: dict[str, Any], faults: Faults) -> M:
    """Return the message in a decoded JSON object. Raises `InvalidInput` if it cannot be read as one."""
    try:
        return kind(**read_message(_descriptor(kind), document))
    except InvalidInput:
        kept = cleaned(_descriptor(kind), document, faults)
    if not kept and faults:
        raise faults[0]
    return kind(**read_message(_descriptor(kind), kept))


def _descriptor(kind: type[Message]) -> Descriptor:
    found: Any = kind.DESCRIPTOR  # the stubs allow for a C type with the same members
    descriptor: Descriptor = found
    return descriptor


def write_document(request: ExportTraceServiceRequest) -> dict[str, Any]:
    """Return a request as an OTLP/JSON object."""
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
