"""Decodes OTLP requests to spans. Every field is kept, so that the request can be rebuilt from the spans.

Most fields are columns of their own, or parts of `events` and `links`. Fields without a column are kept in the span's
`otlp`, by their OTLP/JSON names: `flags`, the dropped counts, and under `resource` and `scope` their fields other than
attributes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Status
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan

from spanwell.observability.conventions.attributes import error_info_of, of_resource, of_span
from spanwell.observability.conventions.event_usage import usage_of
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.identifiers import trace_identifier
from spanwell.observability.model.span import Span, SpanKind, StatusCode
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.observability.model.text import json_of
from spanwell.observability.model.times import EARLIEST_TRACED, LATEST, SECOND, plain_epoch, units_of

from .values import plain_attributes

KINDS = (None, SpanKind.INTERNAL, SpanKind.SERVER, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER)
STATUSES = (StatusCode.UNSET, StatusCode.OK, StatusCode.ERROR)
_EARLIEST = EARLIEST_TRACED // SECOND
"""A number below this is not a timestamp in any unit: it is from another clock, or a placeholder."""
_STAGE = "logfire.span_type"
_PLACE = "resourceSpans[{}].scopeSpans[{}].spans[{}]"


@dataclass
class Decoded:
    """The spans of a request, the reasons for rejected ones, and the values left out of accepted ones."""

    spans: Sequence[Span] = ()
    rejected: list[InvalidInput] = field(default_factory=list[InvalidInput])
    faults: list[InvalidInput] = field(default_factory=list[InvalidInput])
    indexes: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])

    @property
    def units(self) -> Counter[str]:
        """The number of spans by the unit of their times, for units larger than nanoseconds."""
        spans = self.spans
        # Batches prepared by another process have all times in nanoseconds.
        return units_of(spans.column("started_at") if isinstance(spans, SpanColumns) and spans.rows is None else ())

    def place(self, number: int) -> str:
        """Return the path of a span in the request."""
        return _PLACE.format(*self.indexes[number])


def decode(request: ExportTraceServiceRequest) -> Decoded:
    """Return the spans of a request; an invalid span is rejected without affecting the others."""
    spans: list[dict[str, Any]] = []
    usage: list[dict[str, Any]] = []
    decoded = Decoded()
    for at, resource_spans in enumerate(request.resource_spans):
        for within, scope_spans in enumerate(resource_spans.scope_spans):
            origin = _Origin.of(resource_spans, scope_spans)
            for index, span in enumerate(scope_spans.spans):
                try:
                    fields, stated = origin.fields(span)
                except InvalidInput as error:
                    decoded.rejected.append(error.within(_PLACE.format(at, within, index)))
                else:
                    if max(span.start_time_unix_nano, span.end_time_unix_nano) > LATEST:
                        decoded.faults += (fault.within(_PLACE.format(at, within, index)) for fault in _late(span))
                    spans.append(fields)
                    usage.append(stated)
                    decoded.indexes.append((at, within, index))
    all_begin = all(span["started_at"] for span in spans)
    if not all_begin:
        _without_start(spans)
    if spans:
        decoded.spans = SpanColumns.of_fields(spans, usage if all_begin else None)
    return decoded


@dataclass(frozen=True)
class _Origin:
    """The fields that all spans of one resource and scope share."""

    shared: Mapping[str, Any]
    extras: Mapping[str, Any]

    @classmethod
    def of(cls, resource_spans: ResourceSpans, scope_spans: ScopeSpans) -> "_Origin":
        resource = plain_attributes(resource_spans.resource.attributes)
        scope = scope_spans.scope
        named = {
            "resource": json_of(resource) if resource_spans.HasField("resource") else None,
            "scope": json_of(plain_attributes(scope.attributes)) if scope.attributes else None,
            "scope_name": scope.name or None,
            "scope_version": scope.version or None,
        }
        shared = of_resource(resource) | {name: value for name, value in named.items() if value is not None}
        extras = {
            "resource": {
                **_rest(resource_spans.resource, "attributes"),
                **_rest(resource_spans, "resource", "scopeSpans"),
            },
            "scope": {
                **_rest(scope, "attributes", "name", "version"),
                **_rest(scope_spans, "scope", "spans"),
            },
        }
        return cls(shared, {key: value for key, value in extras.items() if value})

    def fields(self, given: OtlpSpan) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the fields of a span of this origin by column name, and its usage. Raises `InvalidInput`."""
        attributes = plain_attributes(given.attributes)
        events = list(map(_event, given.events))
        extras = {**_extras(given), **self.extras}
        fields: dict[str, Any] = {
            **self.shared,
            **of_span(attributes, events, given.name),
            "trace_id": _trace_id(given.trace_id),
            "span_id": _id(given.span_id, 8, "spanId"),
            "name": given.name,
            "parent_span_id": _parent(given.parent_span_id),
            "started_at": plain_epoch(given.start_time_unix_nano)
            if _EARLIEST <= given.start_time_unix_nano <= LATEST
            else _first_moment(given),
        }
        if _EARLIEST <= (ended_at := given.end_time_unix_nano) <= LATEST:
            fields["ended_at"] = plain_epoch(ended_at)
        if attributes:
            fields["attributes"] = json_of(attributes)
        if 0 <= given.kind < len(KINDS):
            fields["kind"] = KINDS[given.kind]
        if state := given.trace_state:
            fields["trace_state"] = state
        if extras:
            fields["otlp"] = json_of(extras)
        if given.links:
            fields["links"] = json_of(list(map(_link, given.links)))
        if events:
            fields["events"] = json_of(events)
        if given.HasField("status"):
            _put_outcome(fields, given.status)
        _put_error(fields, events, attributes)
        if attributes.get(_STAGE) == "pending_span":
            fields = _as_begun(fields, attributes)
        return fields, usage_of(attributes, fields["started_at"], fields.get("ended_at"), events)


def _put_error(fields: dict[str, Any], events: Sequence[Mapping[str, Any]], attributes: Mapping[str, Any]) -> None:
    if fields.get("status_code") is StatusCode.ERROR:
        fields["error_info"] = error_info_of(events, attributes)


def _id(given: bytes, size: int, name: str) -> str:
    if len(given) != size or not any(given):
        raise InvalidInput(f"is not a valid id of {size} bytes", name)
    return given.hex()


def _trace_id(given: bytes) -> str:
    """Return a trace id; one of 8 bytes, as in older libraries, is padded with 8 leading zero bytes."""
    return trace_identifier(_id(given, 8 if len(given) == 8 else 16, "traceId"))


def _parent(given: bytes) -> str | None:
    return _id(given, 8, "parentSpanId") if any(given) else None


def _as_begun(fields: dict[str, Any], attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return Logfire's pending span as the start of its parent, the span that it announces."""
    if fields["parent_span_id"] is None:
        return fields
    parent = str(attributes.get("logfire.pending_parent_id", ""))
    rest = {name: value for name, value in fields.items() if name not in ("ended_at", "status_code")}
    return {**rest, "span_id": fields["parent_span_id"], "parent_span_id": parent if parent.strip("0") else None}


def _first_moment(given: OtlpSpan) -> Nanos:
    """Return the earliest time in a span without a start, of an event or its end; 0 if there is none."""
    moments = (*(event.time_unix_nano for event in given.events), given.end_time_unix_nano)
    return plain_epoch(min((moment for moment in moments if _EARLIEST <= moment <= LATEST), default=0))


def _without_start(spans: list[dict[str, Any]]) -> None:
    """Let spans without any time start with the first span of their trace in the request."""
    first: dict[str, Nanos] = {}
    for span in spans:
        if started_at := span["started_at"]:
            first[span["trace_id"]] = min(first.get(span["trace_id"], started_at), started_at)
    for span in spans:
        span["started_at"] = span["started_at"] or first.get(span["trace_id"], Nanos(0))


def _late(given: OtlpSpan) -> Iterator[InvalidInput]:
    """Yield what is wrong with times after the latest moment that can be stored; they count as missing."""
    times = {"startTimeUnixNano": given.start_time_unix_nano, "endTimeUnixNano": given.end_time_unix_nano}
    for name, time in times.items():
        if time > LATEST:
            yield InvalidInput("is after the year 2262", name)


def _extras(given: OtlpSpan) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if not _EARLIEST <= given.start_time_unix_nano <= LATEST:
        found["startTimeUnixNano"] = str(given.start_time_unix_nano)
    if given.end_time_unix_nano and not _EARLIEST <= given.end_time_unix_nano <= LATEST:
        found["endTimeUnixNano"] = str(given.end_time_unix_nano)
    if flags := given.flags:
        found["flags"] = flags
    if count := given.dropped_attributes_count:
        found["droppedAttributesCount"] = count
    if count := given.dropped_events_count:
        found["droppedEventsCount"] = count
    if count := given.dropped_links_count:
        found["droppedLinksCount"] = count
    if not 0 <= given.kind < len(KINDS):
        found["kind"] = given.kind
    if given.HasField("status") and not 0 <= given.status.code < len(STATUSES):
        found["statusCode"] = given.status.code
    return found


def _put_outcome(fields: dict[str, Any], status: Status) -> None:
    """Add the status of a span; an unset status keeps the one derived from attributes."""
    known = STATUSES[status.code] if 0 <= status.code < len(STATUSES) else StatusCode.UNSET
    if known is not StatusCode.UNSET or "status_code" not in fields:
        fields["status_code"] = known
    if status.message:
        fields["status_message"] = status.message


def _event(event: OtlpSpan.Event) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": event.name,
        "timeUnixNano": str(event.time_unix_nano),
        "attributes": plain_attributes(event.attributes),
    }
    if event.dropped_attributes_count:
        found["droppedAttributesCount"] = event.dropped_attributes_count
    return found


def _link(link: OtlpSpan.Link) -> dict[str, Any]:
    """Return a link; its ids may be empty, since its attributes may still be useful."""
    rest = {
        "traceState": link.trace_state,
        "flags": link.flags,
        "droppedAttributesCount": link.dropped_attributes_count,
    }
    said = {key: value for key, value in rest.items() if value}
    ids = {"traceId": link.trace_id.hex(), "spanId": link.span_id.hex()}
    return {**ids, "attributes": plain_attributes(link.attributes), **said}


def _rest(message: Message, *others: str) -> dict[str, Any]:
    """Return the fields of a message except some, by their OTLP/JSON names."""
    rest = type(message)()
    for descriptor, value in message.ListFields():
        if descriptor.json_name not in others:
            rest.MergeFrom(type(message)(**{descriptor.name: value}))
    return MessageToDict(rest)
