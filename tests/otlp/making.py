"""OTLP requests for tests."""

from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from spanwell.observability.derivation.derived import derived
from spanwell.observability.model.span import Span as StoredSpan
from spanwell.otlp.decoding import decode
from spanwell.otlp.values import otlp_attributes
from tests.making import START

TRACE = bytes.fromhex("0af7651916cd43dd8448eb211c80319c")


def otlp_span(number: int = 1, **fields: Any) -> Span:
    """Return a span of `TRACE` that took a second; `attributes` may be an object."""
    attributes = otlp_attributes(fields.pop("attributes", {}))
    given: dict[str, Any] = {
        "trace_id": TRACE,
        "span_id": number.to_bytes(8, "big"),
        "name": "GET /cart",
        "start_time_unix_nano": START,
        "end_time_unix_nano": START + 10**9,
        "attributes": attributes,
        **fields,
    }
    return Span(**given)


def request_of(*spans: Span, resource: dict[str, Any] | None = None) -> ExportTraceServiceRequest:
    """Return a request with some spans of one resource and scope."""
    return ExportTraceServiceRequest(
        resource_spans=[
            ResourceSpans(
                resource=Resource(attributes=otlp_attributes(resource or {"service.name": "cart"})),
                scope_spans=[ScopeSpans(scope=InstrumentationScope(name="http", version="1.2"), spans=spans)],
            )
        ]
    )


def the_span(**fields: Any) -> StoredSpan:
    """Return the span that an OTLP span is stored as."""
    (span,) = decode(request_of(otlp_span(**fields))).spans
    return derived(span)


def exception(**attributes: str) -> Span.Event:
    """Return the event of an exception."""
    return Span.Event(name="exception", attributes=otlp_attributes(attributes))
