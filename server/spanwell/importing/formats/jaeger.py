"""Jaeger's JSON, from its UI or HTTP API: traces with their spans and processes."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import msgspec

from spanwell.importing.elements import Document, described_span, names_any, read_element
from spanwell.observability.conventions.attributes import error_info_of
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.identifiers import span_identifier, trace_identifier
from spanwell.observability.model.span import Span, SpanKind, StatusCode
from spanwell.observability.model.text import json_of
from spanwell.observability.model.times import plain_epoch
from spanwell.otlp.values import BYTES

_NS_PER_US = 1_000
_NUMBERS: Mapping[str, type[int] | type[float]] = {"int64": int, "float64": float}


class _Tag(msgspec.Struct):
    key: str
    value: Any = None
    type: str = ""


class _Identity(msgspec.Struct):
    """Ids, which older versions of Jaeger write without leading zeros."""

    trace_id: str = msgspec.field(name="traceID")
    span_id: str = msgspec.field(name="spanID")

    def __post_init__(self) -> None:
        self.trace_id = trace_identifier(_padded(self.trace_id))
        self.span_id = span_identifier(_padded(self.span_id))


def _padded(identifier: str) -> str:
    """Return an id with its leading zeros; Jaeger omits at most three, so a shorter id is complete."""
    return next((identifier.zfill(digits) for digits in (16, 32) if digits - 3 <= len(identifier) < digits), identifier)


class _Reference(_Identity):
    type: str = msgspec.field(name="refType", default="CHILD_OF")


class _Log(msgspec.Struct):
    timestamp: int
    fields: list[_Tag] | None = None


class _Process(msgspec.Struct):
    service_name: str = msgspec.field(name="serviceName", default="")
    tags: list[_Tag] | None = None


class _JaegerSpan(_Identity, kw_only=True):
    name: str = msgspec.field(name="operationName")
    start_time: int = msgspec.field(name="startTime")
    duration: int = 0
    parent_span_id: str | None = msgspec.field(name="parentSpanID", default=None)
    references: list[_Reference] | None = None
    tags: list[_Tag] | None = None
    logs: list[_Log] | None = None
    process_id: str = msgspec.field(name="processID", default="")
    process: _Process | None = None
    flags: int | None = None
    warnings: list[str] | None = None


class _Trace(msgspec.Struct):
    spans: list[msgspec.Raw]
    processes: dict[str, _Process] | None = None


_TOP = msgspec.json.Decoder(dict[str, msgspec.Raw] | list[msgspec.Raw])
_TRACE, _SPAN = msgspec.json.Decoder(_Trace), msgspec.json.Decoder(_JaegerSpan)


class Jaeger(Document):
    """Files with a trace, a list of traces, or either of them under `data`."""

    def can_read(self, beginning: bytes) -> bool:
        """Return whether a file begins with a document that has `traceID` or `operationName`."""
        return beginning.lstrip()[:1] in (b"{", b"[") and names_any(beginning, "traceID", "operationName")

    def spans(self, content: bytes) -> Iterator[tuple[str, Span]]:
        """Yield the spans of a document. Raises `InvalidInput`."""
        for within, trace in _traces(content):
            for index, raw in enumerate(trace.spans):
                place = f"{within}spans[{index}]"
                yield place, _span(read_element(_SPAN, raw, place), trace.processes or {}, place)


def _traces(content: bytes) -> Iterator[tuple[str, _Trace]]:
    place, value = "", read_element(_TOP, content, "")
    raw: bytes | msgspec.Raw = content
    if isinstance(value, dict) and "data" in value:
        place, raw = "data", value["data"]
        value = read_element(_TOP, raw, place)
    if isinstance(value, dict):
        yield f"{place}.".lstrip("."), read_element(_TRACE, raw, place)
    else:
        for index, each in enumerate(value):
            yield f"{place}[{index}].", read_element(_TRACE, each, f"{place}[{index}]")


def _span(span: _JaegerSpan, processes: Mapping[str, _Process], place: str) -> Span:
    process = span.process or processes.get(span.process_id) or _Process()
    attributes = _values(span.tags)
    started_at = plain_epoch(span.start_time, _NS_PER_US)
    events = [_event(log) for log in span.logs or ()]
    parent, links = _references(span)
    failed = _has_failed(attributes)
    rest = {"flags": span.flags, "warnings": span.warnings}
    extra = {name: value for name, value in rest.items() if value}
    try:
        kind = SpanKind(str(attributes["span.kind"]).upper()) if "span.kind" in attributes else None
    except ValueError:
        raise InvalidInput("is not a span kind", f"{place}.tags") from None
    return described_span(
        attributes,
        _resource(process),
        events,
        trace_id=span.trace_id,
        span_id=span.span_id,
        parent_span_id=parent,
        name=span.name,
        kind=kind,
        started_at=started_at,
        ended_at=Nanos(started_at + span.duration * _NS_PER_US),
        status_code=StatusCode.ERROR if failed else _STATUS.get(str(attributes.get("otel.status_code"))),
        status_message=_text(attributes.get("otel.status_description")),
        error_info=error_info_of(events) if failed else None,
        links=json_of(links) if links else None,
        trace_state=_text(attributes.get("w3c.tracestate")),
        scope_name=_text(attributes.get("otel.scope.name") or attributes.get("otel.library.name")),
        scope_version=_text(attributes.get("otel.scope.version") or attributes.get("otel.library.version")),
        metadata=json_of({"jaeger": extra}) if extra else None,
    )


_STATUS: Mapping[str, StatusCode] = {"OK": StatusCode.OK}


def _has_failed(attributes: Mapping[str, Any]) -> bool:
    return attributes.get("error") in (True, "true") or attributes.get("otel.status_code") == "ERROR"


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _resource(process: _Process) -> dict[str, Any]:
    named = {"service.name": process.service_name} if process.service_name else {}
    return named | _values(process.tags)


def _values(tags: Sequence[_Tag] | None) -> dict[str, Any]:
    return {tag.key: _value(tag) for tag in tags or ()}


def _value(tag: _Tag) -> Any:
    """Return a tag's value; Jaeger may write numbers as text, and writes bytes in base64."""
    if isinstance(tag.value, str):
        if tag.type in _NUMBERS:
            try:
                return _NUMBERS[tag.type](tag.value)
            except ValueError:
                return tag.value
        return {BYTES: tag.value} if tag.type == "binary" else tag.value
    return tag.value


def _event(log: _Log) -> dict[str, Any]:
    """Return a log as an event, named by its field `event`."""
    fields = _values(log.fields)
    name = str(fields.pop("event", "log"))
    return {"name": name, "timeUnixNano": str(log.timestamp * _NS_PER_US), "attributes": fields}


def _references(span: _JaegerSpan) -> tuple[str | None, list[dict[str, Any]]]:
    """Return the parent, which is the first referenced span of the same trace, and all other references as links."""
    references = span.references or ()
    ranked = chain((r for r in references if r.type == "CHILD_OF"), (r for r in references if r.type != "CHILD_OF"))
    parent = next((reference for reference in ranked if reference.trace_id == span.trace_id), None)
    links = [
        {"traceId": other.trace_id, "spanId": other.span_id, "attributes": {"opentracing.ref_type": other.type.lower()}}
        for other in references
        if other is not parent
    ]
    return parent.span_id if parent is not None else _parent(span), links


def _parent(span: _JaegerSpan) -> str | None:
    return span_identifier(_padded(span.parent_span_id)) if span.parent_span_id else None
