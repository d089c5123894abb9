"""OpenTelemetry's spans as plain objects: of console exporters, of CloudWatch, of Phoenix and of MLflow."""

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
"""What the numbers of JavaScript's SDK mean, which begin at 0."""


def fits(given: dict[str, Any]) -> bool:
    """Return whether an object is a span by one of these shapes."""
    context = object_in(given.get("context"))
    return (
        "trace_id" in context
        or "traceId" in context
        or "context.trace_id" in given
        or {"traceId", "id", "timestamp", "duration", "attributes"}
        <= given.keys()  # Zipkin's reports have no attributes
        or (bool(given.keys() & {"traceId", "trace_id"}) and bool(given.keys() & _OF_OTLP) and _is_nested(given))
    )


_OF_OTLP = {"startTimeUnixNano", "start_time_unix_nano"}


def _is_nested(given: dict[str, Any]) -> bool:
    """Return whether an object is OTLP's and not a line by our own names: its parts are objects, too."""
    resource = given.get("resource")
    return (
        isinstance(given.get("status"), dict)
        or (isinstance(resource, dict) and "attributes" in resource)
        or isinstance(given.get("scope") or given.get("instrumentationScope"), dict)
    )


def span_of(given: dict[str, Any], place: str) -> Span:
    """Return the span that an object means. Raises `InvalidInput`."""
    given = _unflattened(given)
    attributes = flattened(given.get("attributes"))
    if kind := _of(given, "span_kind", "spanKind"):
        attributes.setdefault("openinference.span.kind", kind)
    context, status, resource = (object_in(given.get(name)) for name in ("context", "status", "resource"))
    scope = object_in(_of(given, "scope", "instrumentationScope", "instrumentation_scope", "instrumentationLibrary"))
    events = [_event(each, place) for each in objects_in(given.get("events"))]
    code = outcome_of(_of(status, "status_code", "code") or _of(given, "status_code", "statusCode"), f"{place}.status")
    if code is None and isinstance(given.get("status"), str):
        code = outcome_of(given["status"], f"{place}.status")
    parent = _of(given, "parent_id", "parentId", "parentSpanId", "parent_span_id") or _of(
        object_in(_of(given, "parentSpanContext", "parent_span_context")), "spanId", "span_id"
    )
    started_at, ended_at = _times(given, place)
    links = [_link(each) for each in objects_in(given.get("links"))]
    rest = {"flags": given.get("flags")}
    return described_span(
        attributes,
        flattened(resource.get("attributes", resource)),
        events,
        trace_id=required_id(
            _of(context, "trace_id", "traceId") or _of(given, "traceId", "trace_id"), f"{place}.traceId"
        ),
        span_id=required_id(
            _of(context, "span_id", "spanId") or _of(given, "spanId", "span_id", "id"), f"{place}.spanId"
        ),
        parent_span_id=identifier(parent),
        name=str(given.get("name") or ""),
        kind=_kind(given, place),
        started_at=started_at,
        ended_at=ended_at,
        status_code=code,
        status_message=_of(status, "description", "message") or _of(given, "status_message", "statusMessage"),
        error_info=error_info_of(events, attributes) if code is StatusCode.ERROR else None,
        links=json_of(links) if links else None,
        trace_state=str(_of(context, "trace_state") or given.get("traceState") or "").strip("[]") or None,
        scope_name=scope.get("name") or None,
        scope_version=scope.get("version") or None,
        scope=json_of(scope["attributes"]) if scope.get("attributes") else None,
        otlp=json_of(rest) if rest["flags"] else None,
    )


def _of(given: dict[str, Any], *names: str) -> Any:
    return next((given[name] for name in names if given.get(name) is not None), None)


def _unflattened(given: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a table of spans as an object: its columns are called `context.trace_id`, `attributes.llm.x`."""
    if "context.trace_id" not in given:
        return given
    found: dict[str, Any] = {"context": {}, "attributes": {}}
    for key, value in given.items():
        first, _, rest = key.partition(".")
        if rest and first in ("context", "attributes"):
            if value is not None:
                found[first][rest] = value
        else:
            found[key] = value
    return found


def _kind(given: dict[str, Any], place: str) -> SpanKind | None:
    kind = given.get("kind")
    if isinstance(kind, int) and "timestamp" in given and 0 <= kind < len(_JS_KINDS):
        return _JS_KINDS[kind]
    return kind_of(kind, f"{place}.kind")


def _times(given: dict[str, Any], place: str) -> tuple[Any, Any]:
    """Return the start and the end; JavaScript's SDK shows a start and a duration in microseconds."""
    if "timestamp" in given and isinstance(given.get("duration"), int | float):
        started_at = required_moment(given["timestamp"], f"{place}.timestamp", unit=1_000)
        return started_at, started_at + round(given["duration"] * 1_000)
    started = _of(given, "startTimeUnixNano", "start_time_unix_nano", "start_time", "startTime", "start_time_ns")
    ended = _of(given, "endTimeUnixNano", "end_time_unix_nano", "end_time", "endTime", "end_time_ns")
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
