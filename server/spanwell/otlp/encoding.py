"""Encodes spans as OTLP requests: the inverse of `decoding`.

Spans from other sources may have fields that OTLP lacks: these are omitted, unless their attributes have them too.
"""

from binascii import unhexlify
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import msgspec
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Status
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan

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
        extras = _object(span.otlp)
        resource_key = (span.resource, msgspec.json.encode(extras.get("resource")))
        scope_key = (span.scope, span.scope_name, span.scope_version, msgspec.json.encode(extras.get("scope")))
        if resource_key not in resources:
            resources[resource_key] = _add_resource(request, span, extras.get("resource", {}))
        if (resource_key, scope_key) not in scopes:
            scopes[resource_key, scope_key] = _add_scope(resources[resource_key], span, extras.get("scope", {}))
        scopes[resource_key, scope_key].spans.append(_span(span, extras))
    return request


def _object(text: Json | None) -> dict[str, Any]:
    value = msgspec.json.decode(text) if text is not None else {}
    return value if isinstance(value, dict) else {}


def _add_resource(request: ExportTraceServiceRequest, span: Span, extras: Mapping[str, Any]) -> ResourceSpans:
    added = request.resource_spans.add()
    if "schemaUrl" in extras:
        added.schema_url = extras["schemaUrl"]
    inner = {key: value for key, value in extras.items() if key != "schemaUrl"}
    if span.resource is not None or inner:
        added.resource.SetInParent()
        ParseDict(inner, added.resource, ignore_unknown_fields=True)
        added.resource.attributes.extend(otlp_attributes(_object(span.resource)))
    return added


def _add_scope(resource: ResourceSpans, span: Span, extras: Mapping[str, Any]) -> ScopeSpans:
    added = resource.scope_spans.add()
    if "schemaUrl" in extras:
        added.schema_url = extras["schemaUrl"]
    inner = {key: value for key, value in extras.items() if key != "schemaUrl"}
    if span.scope_name or span.scope_version or span.scope is not None or inner:
        ParseDict(inner, added.scope, ignore_unknown_fields=True)
        added.scope.name, added.scope.version = span.scope_name or "", span.scope_version or ""
        added.scope.attributes.extend(otlp_attributes(_object(span.scope)))
    return added


def _span(span: Span, extras: Mapping[str, Any]) -> OtlpSpan:
    made = OtlpSpan(
        trace_id=_id(span.trace_id, 16),
        span_id=_id(span.span_id, 8),
        parent_span_id=_id(span.parent_span_id, 8) if span.parent_span_id else b"",
        name=span.name,
        kind=extras.get("kind", KINDS.index(span.kind)),
        start_time_unix_nano=int(extras.get("startTimeUnixNano", span.started_at)),
        end_time_unix_nano=int(extras.get("endTimeUnixNano", span.ended_at or 0)),
        trace_state=span.trace_state or "",
        flags=extras.get("flags", 0),
        dropped_attributes_count=extras.get("droppedAttributesCount", 0),
        dropped_events_count=extras.get("droppedEventsCount", 0),
        dropped_links_count=extras.get("droppedLinksCount", 0),
        attributes=otlp_attributes(_object(span.attributes)),
        events=map(_event, _list(span.events)),
        links=map(_link, _list(span.links)),
    )
    if span.status_code is not None:
        code = extras.get("statusCode", STATUSES.index(span.status_code))
        made.status.CopyFrom(Status(code=code, message=span.status_message or ""))
    return made


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
        time_unix_nano=int(event.get("timeUnixNano", 0)),
        attributes=otlp_attributes(event.get("attributes") or {}),
        dropped_attributes_count=event.get("droppedAttributesCount", 0),
    )


def _link(link: Mapping[str, Any]) -> OtlpSpan.Link:
    return OtlpSpan.Link(
        trace_id=_linked(link.get("traceId"), 16),
        span_id=_linked(link.get("spanId"), 8),
        trace_state=str(link.get("traceState", "")),
        flags=link.get("flags", 0),
        attributes=otlp_attributes(link.get("attributes") or {}),
        dropped_attributes_count=link.get("droppedAttributesCount", 0),
    )
