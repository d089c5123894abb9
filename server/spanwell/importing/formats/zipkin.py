"""Zipkin's JSON, version 2: a list of reports, or a list of such lists, one for each trace.

In Zipkin both sides of a call, and late additions, may share a span id. Here every report becomes a span: the caller's
keeps the id, and the others get numbered ids and are its children. A reference to an id means the side that ran in the
same place. Clock skew is not corrected. A report without a time starts with the other report of its side, and a report
without a duration has not ended.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from spanwell.importing.elements import Document, described_span, names_any, read_element
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import Span, SpanKind, StatusCode
from spanwell.observability.model.times import plain_epoch

from .zipkin_sides import Report, Sides

_NS_PER_US = 1_000


class _Endpoint(msgspec.Struct, frozen=True, rename="camel"):
    service_name: str | None = None
    ipv4: str | None = None
    ipv6: str | None = None
    port: int | None = None


class _Annotation(msgspec.Struct, rename="camel"):
    timestamp: int
    value: str


class _ZipkinReport(Report, rename="camel"):
    name: str | None = None
    kind: Literal["CLIENT", "SERVER", "PRODUCER", "CONSUMER"] | None = None
    duration: int | None = None
    local_endpoint: _Endpoint | None = None
    remote_endpoint: _Endpoint | None = None
    annotations: list[_Annotation] | None = None
    tags: dict[str, str] | None = None
    debug: bool | None = None

    def place(self) -> tuple[str, str]:
        """Where it ran: the service, and the whole endpoint."""
        endpoint = self.local_endpoint or _Endpoint()
        return endpoint.service_name or "", str(endpoint)


_TOP = msgspec.json.Decoder(list[msgspec.Raw])
_REPORT = msgspec.json.Decoder(_ZipkinReport)


class Zipkin(Document):
    """Files with lists of reports."""

    def can_read(self, beginning: bytes) -> bool:
        """Return whether a file begins with a list whose elements have `traceId`s like Zipkin's."""
        return beginning.lstrip()[:1] == b"[" and names_any(beginning, "traceId")

    def spans(self, content: bytes) -> Iterator[tuple[str, Span]]:
        """Yield the spans of a document. Raises `InvalidInput`."""
        read = list(_reports(content))
        sides = Sides([report for _, report in read])
        for place, report in read:
            yield place, _span(report, sides, place)


def _reports(content: bytes) -> Iterator[tuple[str, _ZipkinReport]]:
    elements = read_element(_TOP, content, "")
    for index, raw in enumerate(elements):
        place = f"[{index}]"
        if bytes(raw).lstrip()[:1] != b"[":
            yield place, read_element(_REPORT, raw, place)
            continue
        inner = read_element(_TOP, raw, place)
        for at, each in enumerate(inner):
            yield f"{place}[{at}]", read_element(_REPORT, each, f"{place}[{at}]")


def _span(report: _ZipkinReport, sides: Sides, place: str) -> Span:
    timestamp = sides.start(report)
    if timestamp is None:
        raise InvalidInput("is missing, and no other report of the span has it", f"{place}.timestamp")
    started_at = plain_epoch(timestamp, _NS_PER_US)
    span_id = sides.span_id(report)
    service, _ = report.place()
    error = (report.tags or {}).get("error", "false")
    return described_span(
        _attributes(report, is_numbered=span_id != report.id),
        {"service.name": service} if service else {},
        trace_id=report.trace_id,
        span_id=span_id,
        parent_span_id=sides.parent(report),
        name=report.name or "",
        kind=SpanKind(report.kind) if report.kind is not None else None,
        started_at=started_at,
        ended_at=None if report.duration is None else Nanos(started_at + report.duration * _NS_PER_US),
        status_code=None if error == "false" else StatusCode.ERROR,
        status_message=None if error in ("", "true", "false") else error,
        events=_events(report.annotations or ()),
    )


def _attributes(report: _ZipkinReport, *, is_numbered: bool) -> dict[str, Any]:
    """Return the tags, and other fields under OpenTelemetry's names; tags take precedence."""
    local, remote = report.local_endpoint or _Endpoint(), report.remote_endpoint or _Endpoint()
    others = {
        "net.host.ip": local.ipv4 or local.ipv6,
        "net.host.port": local.port,
        "peer.service": remote.service_name,
        "net.peer.ip": remote.ipv4 or remote.ipv6,
        "net.peer.port": remote.port,
        "zipkin.id": report.id if is_numbered else None,
        "zipkin.shared": report.shared,
        "zipkin.debug": report.debug,
    }
    return {key: value for key, value in others.items() if value is not None} | (report.tags or {})


def _events(annotations: Sequence[_Annotation]) -> list[dict[str, Any]]:
    return [
        {"name": each.value, "timeUnixNano": str(each.timestamp * _NS_PER_US), "attributes": {}} for each in annotations
    ]
