"""OTLP requests as bytes: protobuf, and JSON with its two peculiarities.

OTLP/JSON is protobuf's JSON but that ids are hexadecimal and not base64, and that unknown fields are ignored
(https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
"""

from base64 import b64encode
from binascii import unhexlify
from typing import Any

import msgspec
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from server.observability.errors import InvalidInput

_IDS = ("traceId", "spanId", "parentSpanId", "trace_id", "span_id", "parent_span_id")
_DEEPEST = 60


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
    """Return the request that a decoded JSON object is; its ids are changed in place. Raises `InvalidInput`."""
    for place, spans in _spans_in(document):
        for index, span in enumerate(spans):
            if isinstance(span, dict):
                _read_ids(span, f"{place}[{index}]")
    try:
        return ParseDict(
            document, ExportTraceServiceRequest(), ignore_unknown_fields=True, max_recursion_depth=_DEEPEST
        )
    except ParseError as error:
        raise InvalidInput(_problem(error), "body") from None
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise InvalidInput("is not an ExportTraceServiceRequest in JSON", "body") from None


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


def _spans_in(document: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    found: list[tuple[str, list[Any]]] = []
    for at, resource in enumerate(_list(document, "resourceSpans", "resource_spans")):
        for within, scope in enumerate(_list(resource, "scopeSpans", "scope_spans")):
            found.append((f"resourceSpans[{at}].scopeSpans[{within}].spans", _list(scope, "spans", "spans")))
    return found


def _list(value: Any, *names: str) -> list[Any]:
    """Return the list under one of some names, if there is one; what is wrong about others is said later."""
    found = next((value[name] for name in names if name in value), None) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _read_ids(fields: dict[str, Any], place: str) -> None:
    for name in _IDS:
        text = fields.get(name)
        if isinstance(text, str):
            fields[name] = _from_hex(text, f"{place}.{name}")
    for index, link in enumerate(_list(fields, "links")):
        if isinstance(link, dict):
            _read_ids(link, f"{place}.links[{index}]")


def _from_hex(text: str, place: str) -> str:
    try:
        return b64encode(unhexlify(text)).decode()
    except ValueError:
        raise InvalidInput("is not hexadecimal", place) from None


def _write_ids(message: Any, fields: dict[str, Any]) -> None:
    for name, value in (("traceId", message.trace_id), ("spanId", message.span_id)):
        if value:
            fields[name] = value.hex()
    if "parentSpanId" in fields:
        fields["parentSpanId"] = message.parent_span_id.hex()


def _problem(error: ParseError) -> str:
    """Return what protobuf says of a document without the values in it, which may be anybody's secrets."""
    _, at, place = str(error).rpartition(" at ")
    where = place.rstrip(".").partition(".")[2] if at else ""
    return (
        f"is not an ExportTraceServiceRequest in JSON: look at {where}"
        if where
        else ("is not an ExportTraceServiceRequest in JSON")
    )
