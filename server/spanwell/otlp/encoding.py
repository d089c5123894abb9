"""Encodes spans as OTLP requests: the inverse of `decoding`.

Spans from other sources may have fields that OTLP lacks: these are omitted, unless their attributes have them too. So
is JSON that has not the shape of OTLP's.
"""

from binascii import unhexlify
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any

import msgspec
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message import Message
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Status
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan

from spanwell.observability.conventions.event_moments import moment_of_event
from spanwell.observability.model.columns import Json
from spanwell.observability.model.span import Span

from .decoding import KINDS, STATUSES
from .values import otlp_attributes


def encode(spans: Iterable[Span]) -> ExportTraceServiceRequest:
    """Return a request with the spans, grouped by resource and scope."""
    request = ExportTraceServiceRequest()
    resources: dict[tuple[Any, ...], ResourceSpans] = {}
    scopes: dict[tuple[Any, ...], ScopeSpans] = {}
    for span in spans:
        extras = _document(span.otlp)
        of_resource, of_scope = _object(extras.get("resource")), _object(extras.get("scope"))
        resource_key = (span.resource, msgspec.json.encode(of_resource))
        scope_key = (span.scope, span.scope_name, span.scope_version, msgspec.json.encode(of_scope))
        if resource_key not in resources:
            resources[resource_key] = _add_resource(request, span, of_resource)
        if (resource_key, scope_key) not in scopes:
            scopes[resource_key, scope_key] = _add_scope(resources[resource_key], span, of_scope)
        scopes[resource_key, scope_key].spans.append(_span(span, extras))
    return request


def _document(text: Json | None) -> dict[str, Any]:
    return {} if text is None else _object(msgspec.json.decode(text))


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _add_resource(request: ExportTraceServiceRequest, span: Span, extras: Mapping[str, Any]) -> ResourceSpans:
    added = request.resource_spans.add()
    inner = _put_schema(added, extras)
    if span.resource is not None or inner:
        added.resource.SetInParent()
        _put_rest(added.resource, inner)
        added.resource.attributes.extend(otlp_attributes(_document(span.resource)))
    return added


def _add_scope(resource: ResourceSpans, span: Span, extras: Mapping[str, Any]) -> ScopeSpans:
    added = resource.scope_spans.add()
    inner = _put_schema(added, extras)
    if span.scope_name or span.scope_version or span.scope is not None or inner:
        _put_rest(added.scope, inner)
        added.scope.name, added.scope.version = span.scope_name or "", span.scope_version or ""
        added.scope.attributes.extend(otlp_attributes(_document(span.scope)))
    return added


def _put_schema(added: ResourceSpans | ScopeSpans, extras: Mapping[str, Any]) -> dict[str, Any]:
    """Put in the URL of the schema, and return the other fields."""
    if isinstance(url := extras.get("schemaUrl"), str):
        added.schema_url = url
    return {key: value for key, value in extras.items() if key != "schemaUrl"}


def _put_rest(message: Message, fields: dict[str, Any]) -> None:
    for key, value in fields.items():
        with suppress(ParseError):
            ParseDict({key: value}, message, ignore_unknown_fields=True)


def _span(span: Span, extras: Mapping[str, Any]) -> OtlpSpan:
    made = OtlpSpan(
        trace_id=_id(span.trace_id, 16),
        span_id=_id(span.span_id, 8),
        parent_span_id=_id(span.parent_span_id, 8) if span.parent_span_id else b"",
        name=span.name,
        kind=_number(extras, "kind", _ENUM, KINDS.index(span.kind)),  # type: ignore[arg-type] # enums are open
        start_time_unix_nano=_number(extras, "startTimeUnixNano", _TIME, span.started_at),
        end_time_unix_nano=_number(extras, "endTimeUnixNano", _TIME, span.ended_at),
        trace_state=span.trace_state or "",
        flags=_number(extras, "flags"),
        dropped_attributes_count=_number(extras, "droppedAttributesCount"),
        dropped_events_count=_number(extras, "droppedEventsCount"),
        dropped_links_count=_number(extras, "droppedLinksCount"),
        attributes=otlp_attributes(_document(span.attributes)),
        events=map(_event, _list(span.events)),
        links=map(_link, _list(span.links)),
    )
    if span.status_code is not None:
        code = _number(extras, "statusCode", _ENUM, STATUSES.index(span.status_code))
        made.status.CopyFrom(Status(code=code, message=span.status_message or ""))  # type: ignore[arg-type] # enums are open
    return made


_COUNT, _TIME, _ENUM = range(2**32), range(2**64), range(-(2**31), 2**31)
_LONGEST = 20
"""Digits of the largest number."""


def _number(fields: Mapping[str, Any], name: str, among: range = _COUNT, otherwise: int | None = 0) -> int:
    """Return a number that fits its field, which may be written as a text; else `otherwise`, or 0 if that does not."""
    value = fields.get(name)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= _LONGEST:
        value = int(value)
    whole = (each for each in (value, otherwise) if isinstance(each, int) and not isinstance(each, bool))
    return next((each for each in whole if among.start <= each < among.stop), 0)


def _id(text: str, size: int) -> bytes:
    """Return an id as bytes: hexadecimal ids are padded with zeros, other texts are hashed."""
    try:
        found = unhexlify(text)
    except ValueError:
        found = b""
    return found.rjust(size, b"\0") if 0 < len(found) <= size else sha256(text.encode()).digest()[:size]


def _linked(text: Any, size: int) -> bytes:
    return _id(text, size) if isinstance(text, str) and text else b""


def _list(text: Json | None) -> list[dict[str, Any]]:
    value = msgspec.json.decode(text) if text is not None else []
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _event(event: Mapping[str, Any]) -> OtlpSpan.Event:
    return OtlpSpan.Event(
        name=str(event.get("name", "")),
        time_unix_nano=_number(event, "timeUnixNano", _TIME, moment_of_event(event)),
        attributes=otlp_attributes(_object(event.get("attributes"))),
        dropped_attributes_count=_number(event, "droppedAttributesCount"),
    )


def _link(link: Mapping[str, Any]) -> OtlpSpan.Link:
    return OtlpSpan.Link(
        trace_id=_linked(link.get("traceId"), 16),
        span_id=_linked(link.get("spanId"), 8),
        trace_state=str(link.get("traceState", "")),
        flags=_number(link, "flags"),
        attributes=otlp_attributes(_object(link.get("attributes"))),
        dropped_attributes_count=_number(link, "droppedAttributesCount"),
    )
