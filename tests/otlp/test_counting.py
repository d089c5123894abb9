"""Requests of more spans than a server takes are refused before messages are made of them."""

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from spanwell.observability.model.errors import InvalidInput
from spanwell.otlp.counting import check_count, check_json, check_protobuf
from tests.timing import takes_at_most

from .making import otlp_span, request_of

RESOURCES = ExportTraceServiceRequest(resource_spans=[ResourceSpans()] * 200_000)
SCOPES = ExportTraceServiceRequest(resource_spans=[ResourceSpans(scope_spans=[ScopeSpans()] * 200_000)])
SPANS = request_of(*[Span()] * 200_000)


@pytest.mark.parametrize("request_", [RESOURCES, SCOPES, SPANS], ids=["resources", "scopes", "spans"])
def test_more_than_may_be_in_protobuf_are_refused_quickly(request_: ExportTraceServiceRequest) -> None:
    body = request_.SerializeToString()
    with takes_at_most(3), pytest.raises(InvalidInput, match="`resourceSpans` has more than 100,000 spans"):
        check_count("otlp-protobuf", body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"resourceSpans": [{"scopeSpans": [{"spans": [{}, {}, {}]}]}]}',
        b'{"resource_spans": [{"scope_spans": [{}, {}, {}]}]}',
        b'{"resourceSpans": [{}, {}, {}, {}]}',
    ],
)
def test_more_than_may_be_in_json_are_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput, match="more than 3 spans"):
        check_json(body, 3)


@pytest.mark.parametrize("body", [b'{"resourceSpans": 1}', b'{"resourceSpans": {}}', b"{", b"[{}]"])
def test_what_is_wrong_otherwise_is_not_counted(body: bytes) -> None:
    check_json(body, 0)


def test_as_many_as_may_be_are_taken() -> None:
    asked = request_of(*(otlp_span(number) for number in range(50)))
    asked.resource_spans[0].scope_spans[0].spans[0].flags = 257
    check_protobuf(asked.SerializeToString(), 52)
    with pytest.raises(InvalidInput):
        check_protobuf(asked.SerializeToString(), 51)


@pytest.mark.parametrize("body", [b"\x0a\x80", b"\x0a\x05\x12", b"\x08\x01\x0f" * 9])
def test_what_is_no_message_is_left_to_protobuf(body: bytes) -> None:
    check_protobuf(body, 1)


def test_fields_of_every_kind_are_passed_over() -> None:
    unknown = b"\x78\x96\x01" + b"\x7d" + bytes(4) + b"\x79" + bytes(8) + b"\x7a\x03abc"
    check_protobuf(unknown, 0)
