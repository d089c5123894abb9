"""Every field of OTLP has a home in our spans: what goes in comes out again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwell.otlp.decoding import decode
from spanwell.otlp.documents import parse_json, parse_protobuf, write_document
from spanwell.otlp.encoding import encode
from spanwell.otlp.values import otlp_attributes, otlp_value, plain_value
from tests.running import ROOT

from .making import TRACE, otlp_span, request_of

DATA = ROOT.parent / "shared" / "data"
SPAN_ID = b"\x01\x02\x03\x04\x05\x06\x07\x08"
_SAMPLES: dict[int, Any] = {
    FieldDescriptor.TYPE_STRING: "text",
    FieldDescriptor.TYPE_BOOL: True,
    FieldDescriptor.TYPE_DOUBLE: 1.5,
    FieldDescriptor.TYPE_BYTES: b"\x00\xff",
}


_OF_PROFILES = frozenset({"key_strindex", "string_value_strindex"})
"""Places in the table of strings that only profiles have; trace data is not to use them."""


def paths(message: Descriptor, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every field of a message and of those below it; values within values are looked at once."""
    for field in message.fields:
        path = (*above, field.name)
        if field.name in _OF_PROFILES or above.count("values") > 1:
            continue
        if field.message_type is None:
            yield path
        else:
            yield from paths(field.message_type, path)


FIELDS = sorted(paths(ExportTraceServiceRequest.DESCRIPTOR))


def fill(message: Any, path: tuple[str, ...]) -> None:
    """Set the field at a path, with whatever has to be there beside it."""
    name, *rest = path
    field = message.DESCRIPTOR.fields_by_name[name]
    if field.message_type is None:
        _set(message, field)
        return
    below = getattr(message, name).add() if field.is_repeated else getattr(message, name)
    below.SetInParent()
    _make_valid(below)
    fill(below, tuple(rest))


def _set(message: Any, field: FieldDescriptor) -> None:
    value = _SAMPLES.get(field.type, 1)
    if field.name.endswith("_id"):
        value = TRACE if field.name == "trace_id" else SPAN_ID
    if field.is_repeated:
        getattr(message, field.name).append(value)
    else:
        setattr(message, field.name, value)


def _make_valid(message: Message) -> None:
    """Give a span or a link the ids it cannot be without, and an attribute a value."""
    names = message.DESCRIPTOR.fields_by_name
    if message.DESCRIPTOR.name == "KeyValue":
        message.MergeFrom(type(message)(value=otlp_value(None)))
    if "span_id" in names and "trace_id" in names:
        message.MergeFrom(type(message)(trace_id=TRACE, span_id=SPAN_ID))


def complete(request: ExportTraceServiceRequest) -> ExportTraceServiceRequest:
    """Add a span where a path stopped above one: only spans are stored."""
    if not request.resource_spans:
        request.resource_spans.add()
    for resource in request.resource_spans:
        scopes = resource.scope_spans or [resource.scope_spans.add()]
        for scope in scopes:
            if not scope.spans:
                scope.spans.append(otlp_span())
    return request


def round_trip(request: ExportTraceServiceRequest) -> ExportTraceServiceRequest:
    decoded = decode(request)
    assert decoded.rejected == []
    return encode(decoded.spans)


@pytest.mark.parametrize("path", FIELDS, ids=".".join)
def test_every_field_has_a_home(path: tuple[str, ...]) -> None:
    request = ExportTraceServiceRequest()
    fill(request, path)
    complete(request)
    assert round_trip(request) == request


def test_the_fields_are_all_there() -> None:
    named = {path[-1] for path in FIELDS}
    assert {"flags", "trace_state", "schema_url", "dropped_links_count", "bytes_value", "code", "kind"} <= named
    assert len(FIELDS) > 60


KEYS = st.sampled_from(["a", "b.c", "", "bytesValue", "doubleValue", "kvlistValue"])
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["a", "b.c", "", *("bytesValue", "doubleValue", "kvlistValue")]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


def any_value(value: Any) -> Any:
    """Return the AnyValue that plain data with bytes in it means."""
    if isinstance(value, bytes):
        made = otlp_value(None)
        made.bytes_value = value
        return made
    if isinstance(value, list):
        made = otlp_value([])
        made.array_value.values.extend(map(any_value, value))
        return made
    if isinstance(value, dict):
        made = otlp_value({})
        for key, inner in value.items():
            made.kvlist_value.values.add(key=key, value=any_value(inner))
        return made
    return otlp_value(value)


@settings(max_examples=300)
@given(PLAIN)
def test_values_come_back_as_they_were(value: Any) -> None:
    sent = any_value(value)
    plain = json.loads(json.dumps(plain_value(sent)))
    assert otlp_value(plain) == sent


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_numbers_that_are_none_come_back(number: str) -> None:
    sent = otlp_value(float(number))
    assert repr(otlp_value(plain_value(sent))) == repr(sent)


def test_whole_and_broken_numbers_stay_what_they_are() -> None:
    assert json.dumps(plain_value(otlp_value(1.0))) == "1.0"


def documents() -> list[Path]:
    return [*sorted((DATA / "otlp").glob("*.json")), *sorted((DATA / "jaeger-ui").glob("otlp2jaeger-*.json"))]


def told_apart(request: ExportTraceServiceRequest) -> list[tuple[bytes, bytes, bytes]]:
    """Return every span with its resource and scope, in an order of their own."""
    return sorted(
        (resource.resource.SerializeToString(), scope.scope.SerializeToString(), span.SerializeToString())
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    )


@pytest.mark.skipif(not documents(), reason="the documents are not here")
def test_documents_come_back_as_they_were() -> None:
    for path in documents():
        request = parse_json(path.read_bytes(), [])
        again = round_trip(request)
        assert told_apart(again) == told_apart(request), path.name
        written = json.dumps(write_document(again)).encode()
        assert told_apart(parse_json(written, [])) == told_apart(request), path.name


def test_protobuf_and_json_are_the_same_request() -> None:
    request = request_of(
        otlp_span(attributes={"a": 1, "b": [1.5, None, {"c": True}]}), otlp_span(2, parent_span_id=SPAN_ID)
    )
    assert parse_protobuf(request.SerializeToString(), []) == request
    assert parse_json(json.dumps(write_document(request)).encode(), []) == request


def test_attributes_of_one_origin_stay_together() -> None:
    request = request_of(otlp_span(), otlp_span(2), resource={"service.name": "cart", "host.name": "a"})
    assert round_trip(request) == request
    assert otlp_attributes({"a": 1})[0].value.int_value == 1
