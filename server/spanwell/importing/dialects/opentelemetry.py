"""OpenTelemetry's spans as plain objects, from console exporters, CloudWatch, Phoenix and MLflow."""

from typing import Any

from spanwell.importing.elements import described_span
from spanwell.observability.conventions.attributes import error_info_of
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import Span, SpanKind, StatusCode
from spanwell.observability.model.text import json_of

from .values import (
    flattened,
    identifier,
    kind_of,
    moment,
    object_in,
    objects_in,
    outcome_of,
    required_id,
    required_moment,
)

_JS_KINDS = tuple(SpanKind)
"""The span kinds of the JavaScript SDK, whose numbers begin at 0."""


def fits(span: dict[str, Any]) -> bool:
    """Return whether an object is a span in one of these shapes."""
    context = object_in(span.get("context"))
    return (
        "trace_id" in context
        or "traceId" in context
        or "context.trace_id" in span
        or {"traceId", "id", "timestamp", "duration", "attributes"}
        <= span.keys()  # Zipkin's reports have no attributes
        or (bool(span.keys() & {"traceId", "trace_id"}) and bool(span.keys() & _OF_OTLP) and _is_nested(span))
    )


_OF_OTLP = {"startTimeUnixNano", "start_time_unix_nano"}


def _is_nested(span: dict[str, Any]) -> bool:
    """Return whether an object is OpenTelemetry's, with nested objects, and not a line by our own names."""
    resource = span.get("resource")
    return (
        isinstance(span.get("status"), dict)
        or (isinstance(resource, dict) and "attributes" in resource)
        or isinstance(span.get("scope") or span.get("instrumentationScope"), dict)
    )


def span_of(span: dict[str, Any], place: str) -> Span:
    """Return the span of an object. Raises `InvalidInput`."""
    span = _unflattened(span)
    attributes = flattened(span.get("attributes"))
    if kind := _of(span, "span_kind", "spanKind"):
        attributes.setdefault("openinference.span.kind", kind)
    context, status, resource = (object_in(span.get(name)) for name in ("context", "status", "resource"))
    scope = object_in(_of(span, "scope", "instrumentationScope", "instrumentation_scope", "instrumentationLibrary"))
    events = [_event(each, place) for each in objects_in(span.get("events"))]
    code = outcome_of(_of(status, "status_code", "code") or _of(span, "status_code", "statusCode"), f"{place}.status")
    if code is None and isinstance(span.get("status"), str):
        code = outcome_of(span["status"], f"{place}.status")
    parent = _of(span, "parent_id", "parentId", "parentSpanId", "parent_span_id") or _of(
        object_in(_of(span, "parentSpanContext", "parent_span_context")), "spanId", "span_id"
    )
    started_at, ended_at = _times(span, place)
    links = [_link(each) for each in objects_in(span.get("links"))]
    rest = {"flags": span.get("flags")}
    return described_span(
        attributes,
        flattened(resource.get("attributes", resource)),
        events,
        trace_id=required_id(
            _of(context, "trace_id", "traceId") or _of(span, "traceId", "trace_id"), f"{place}.traceId"
        ),
        span_id=required_id(
            _of(context, "span_id", "spanId") or _of(span, "spanId", "span_id", "id"), f"{place}.spanId"
        ),
        parent_span_id=identifier(parent),
        name=str(span.get("name") or ""),
        kind=_kind(span, place),
        started_at=started_at,
        ended_at=ended_at,
        status_code=code,
        status_message=_text(status, "description", "message") or _text(span, "status_message", "statusMessage"),
        error_info=error_info_of(events, attributes) if code is StatusCode.ERROR else None,
        links=json_of(links) if links else None,
        trace_state=str(_of(context, "trace_state") or span.get("traceState") or "").strip("[]") or None,
        scope_name=_text(scope, "name"),
        scope_version=_text(scope, "version"),
        scope=json_of(scope["attributes"]) if scope.get("attributes") else None,
        otlp=json_of(rest) if rest["flags"] else None,
    )


def _of(span: dict[str, Any], *names: str) -> Any:
    return next((span[name] for name in names if span.get(name) is not None), None)


def _text(span: dict[str, Any], *names: str) -> str | None:
    value = _of(span, *names)
    return value if isinstance(value, str) and value else None


def _unflattened(span: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a span table as a nested object; its columns have names such as `context.trace_id`."""
    if "context.trace_id" not in span:
        return span
    found: dict[str, Any] = {"context": {}, "attributes": {}}
    for key, value in span.items():
        first, _, rest = key.partition(".")
        if rest and first in ("context", "attributes"):
            if value is not None:
                found[first][rest] = value
        else:
            found[key] = value
    return found


def _kind(span: dict[str, Any], place: str) -> SpanKind | None:
    kind = span.get("kind")
    if isinstance(kind, int) and "timestamp" in span and 0 <= kind < len(_JS_KINDS):
        return _JS_KINDS[kind]
    return kind_of(kind, f"{place}.kind")


def _times(span: dict[str, Any], place: str) -> tuple[Any, Any]:
    """Return the start and end times; the JavaScript SDK prints a start and a duration in microseconds."""
    if "timestamp" in span and isinstance(span.get("duration"), int | float):
        started_at = required_moment(span["timestamp"], f"{place}.timestamp", unit=1_000)
        return started_at, started_at + round(span["duration"] * 1_000)
    started = _of(span, "startTimeUnixNano", "start_time_unix_nano", "start_time", "startTime", "start_time_ns")
    ended = _of(span, "endTimeUnixNano", "end_time_unix_nano", "end_time", "endTime", "end_time_ns")
    ended_at = moment(ended, f"{place}.endTime") or None
    first = moment(started, f"{place}.startTime") or ended_at
    if first is None:
        raise InvalidInput("is missing", f"{place}.startTime")
    return first, ended_at


def _event(event: dict[str, Any], place: str) -> dict[str, Any]:
    at = moment(_of(event, "timeUnixNano", "time_unix_nano", "timestamp", "time"), f"{place}.events")
    attributes = flattened(event.get("attributes"))
    return {"name": str(event.get("name") or ""), "timeUnixNano": str(at or 0), "attributes": attributes}


def _link(link: dict[str, Any]) -> dict[str, Any]:
    context = object_in(link.get("context")) or link
    ids = {
        "traceId": identifier(_of(context, "trace_id", "traceId")) or "",
        "spanId": identifier(_of(context, "span_id", "spanId")) or "",
    }
    return {**ids, "attributes": flattened(link.get("attributes"))}
