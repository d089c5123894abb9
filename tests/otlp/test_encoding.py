"""Spans of any origin can be written as OTLP, and read again."""

import json
from typing import Any

import pytest
from hypothesis import given

from spanwell.observability.model.columns import Json, Nanos
from spanwell.observability.model.span import Span
from spanwell.otlp.decoding import decode
from spanwell.otlp.documents import parse_json, write_document
from spanwell.otlp.encoding import encode
from tests import strategies
from tests.making import span

from .making import otlp_span, request_of


@pytest.mark.parametrize(
    ("trace_id", "span_id", "expected"),
    [
        (
            "0af7651916cd43dd8448eb211c80319c",
            "00f067aa0ba902b7",
            ("0af7651916cd43dd8448eb211c80319c", "00f067aa0ba902b7"),
        ),
        ("a03ee8fff1dcd9b9", "a1", ("0000000000000000a03ee8fff1dcd9b9", "00000000000000a1")),
    ],
)
def test_ids_of_other_systems_are_padded(trace_id: str, span_id: str, expected: tuple[str, str]) -> None:
    (written,) = encode([span(trace_id, span_id)]).resource_spans[0].scope_spans[0].spans
    assert (written.trace_id.hex(), written.span_id.hex()) == expected


def test_other_ids_become_ids_that_keep_a_trace_together() -> None:
    written = (
        encode([span("my trace", "root"), span("my trace", "b1-2", "root")]).resource_spans[0].scope_spans[0].spans
    )
    assert len({each.trace_id for each in written}) == 1
    assert written[1].parent_span_id == written[0].span_id != written[1].span_id
    assert [len(each.trace_id) + len(each.span_id) for each in written] == [24, 24]


@pytest.mark.parametrize("fields", [{"kind": 9}, {"status": {"code": 7, "message": "odd"}}])
def test_enums_of_the_future_come_back(fields: dict[str, Any]) -> None:
    request = request_of(otlp_span(**fields))
    decoded = decode(request)
    assert decoded.spans[0].kind is None
    assert encode(decoded.spans) == request


def again(given: Span) -> Span:
    """Return a span as it is after it was written as OTLP/JSON."""
    faults: list[Any] = []
    decoded = decode(parse_json(json.dumps(write_document(encode([given]))).encode(), faults))
    assert (faults, decoded.faults, decoded.rejected) == ([], [], [])
    return decoded.spans[0]


@given(strategies.SPANS)
def test_spans_with_any_json_can_be_written(given: Span) -> None:
    assert again(given).name == given.name


@pytest.mark.parametrize(
    "column", ["attributes", "resource", "scope", "events", "links", "otlp", "input", "metadata", "error_info"]
)
@pytest.mark.parametrize("value", [5, "x", None, [], [5, None, "x", []], {"a": 5}, {"resource": 5, "scope": "x"}])
def test_json_of_any_shape_can_be_written(column: str, value: object) -> None:
    assert again(span("t", "s", name="n", **{column: strategies.json_text(value)})).name == "n"


@pytest.mark.parametrize("number", ["abc", -5, None, {}, 10**30, 1.5, True, "1" * 5000, "²"])
@pytest.mark.parametrize(
    "name", ["timeUnixNano", "startTimeUnixNano", "endTimeUnixNano", "droppedAttributesCount", "flags", "kind"]
)
def test_what_is_no_number_of_otlp_is_left_out(name: str, number: object) -> None:
    said = strategies.json_text({name: number, "traceId": "a", "name": "kept", "attributes": {"k": "v"}})
    found = again(span("t", "s", name="n", otlp=said, events=Json(f"[{said}]"), links=Json(f"[{said}]")))
    assert found.events is not None
    assert found.links is not None
    assert json.loads(found.events)[0]["name"] == "kept"
    assert json.loads(found.links)[0]["attributes"] == {"k": "v"}


def test_a_start_before_1970_is_written_as_unknown() -> None:
    (written,) = encode([span("t", "s", started_at=Nanos(-5))]).resource_spans[0].scope_spans[0].spans
    assert written.start_time_unix_nano == 0


@pytest.mark.parametrize(("schema", "url"), [(5, ""), ({}, ""), ("https://example.org/1", "https://example.org/1")])
def test_fields_of_a_resource_that_fit_are_written(schema: object, url: str) -> None:
    extras = {"resource": {"schemaUrl": schema, "droppedAttributesCount": 2, "entityRefs": "x"}, "scope": {"x": 1}}
    (written,) = encode([span("t", "s", otlp=strategies.json_text(extras))]).resource_spans
    assert (written.resource.dropped_attributes_count, written.schema_url) == (2, url)


@pytest.mark.parametrize("name", ["time", "timestamp", "time_unix_nano"])
@pytest.mark.parametrize("moment", ["2026-02-02T10:00:00Z", 1_770_026_400_000, "1770026400000000000"])
def test_times_of_events_are_written_whatever_they_are_called(name: str, moment: object) -> None:
    (written,) = encode([span("t", "s", events=strategies.json_text([{name: moment}]))]).resource_spans
    assert written.scope_spans[0].spans[0].events[0].time_unix_nano == 1_770_026_400_000_000_000


@pytest.mark.parametrize("value", [{"bytesValue": "é"}, {"doubleValue": [1]}, {"kvlistValue": 1}, {"doubleValue": {}}])
def test_what_only_looks_like_a_value_of_otlp_is_an_object(value: object) -> None:
    found = again(span("t", "s", attributes=strategies.json_text({"k": value})))
    assert found.attributes is not None
    assert json.loads(found.attributes) == {"k": {"kvlistValue": value}}


def test_numbers_beyond_doubles_and_values_too_deep_for_readers_become_text() -> None:
    deep: Any = "end"
    for _ in range(200):
        deep = {"a": deep}
    found = again(span("t", "s", attributes=Json(json.dumps({"deep": deep, "large": 10**400}))))
    assert found.attributes is not None
    attributes = json.loads(found.attributes)
    assert attributes["large"] == str(10**400)
    levels, inner = 0, attributes["deep"]
    while isinstance(inner, dict):
        levels, inner = levels + 1, inner["a"]
    assert (levels, inner.count('"a"'), '"end"' in inner) == (18, 182, True)
