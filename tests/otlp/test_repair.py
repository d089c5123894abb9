"""One value that is wrong costs that value, and is named; a span that cannot be stored costs that span."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.text import REPLACED, repaired_json
from spanwell.observability.model.times import LATEST
from spanwell.otlp.decoding import decode
from spanwell.otlp.documents import parse_json, parse_protobuf, write_document
from spanwell.otlp.encoding import encode
from tests.making import START

from .making import otlp_span, request_of

SPAN = "resourceSpans[0].scopeSpans[0].spans"


def document(**changes: Any) -> dict[str, Any]:
    """Return a request of three spans, of which the second has some members in place of its own."""
    found = write_document(request_of(*(otlp_span(number, attributes={"a": "x"}) for number in (1, 2, 3))))
    found["resourceSpans"][0]["scopeSpans"][0]["spans"][1] |= changes
    return found


def outcome(given: dict[str, Any] | bytes) -> tuple[list[Any], list[str], list[str]]:
    """Return the spans of a request, where something was left out, and where something was refused."""
    faults: list[InvalidInput] = []
    body = given if isinstance(given, bytes) else json.dumps(given).encode()
    decoded = decode(parse_json(body, faults))
    faults += decoded.faults
    return list(decoded.spans), [fault.element for fault in faults], [error.element for error in decoded.rejected]


def attribute(value: Any, key: Any = "k") -> list[Any]:
    return [{"key": "good", "value": {"stringValue": "kept"}}, {"key": key, "value": value}]


@pytest.mark.parametrize(
    "moment", ["2026-01-01T00:00:00.5Z", 1767225600.5, "1767225600.5", "1.7672256005e9", "1.7672256005e18"]
)
def test_times_of_any_form_are_read_and_named(moment: object) -> None:
    spans, faults, refused = outcome(document(startTimeUnixNano=moment))
    assert (len(spans), faults, refused) == (3, [f"{SPAN}[1].startTimeUnixNano"], [])
    assert spans[1].started_at == 1_767_225_600_500_000_000


@pytest.mark.parametrize("moment", ["nan", "1e400", "-1.5", "2026-13-01", 1e40])
def test_times_of_no_form_are_left_out(moment: object) -> None:
    spans, faults, _ = outcome(document(startTimeUnixNano=moment))
    assert (len(spans), faults) == (3, [f"{SPAN}[1].startTimeUnixNano"])


@pytest.mark.parametrize("number", ["5", "99999999", f"{2**63}", f"{2**64 - 1}"])
def test_numbers_of_another_clock_are_no_times(number: str) -> None:
    """The way back has them as they came."""
    changed = document(startTimeUnixNano=number)
    spans, faults, _ = outcome(changed)
    assert spans[1].started_at == spans[1].ended_at
    assert faults == ([f"{SPAN}[1].startTimeUnixNano"] if int(number) > LATEST else [])
    assert encode([spans[1]]).resource_spans[0].scope_spans[0].spans[0].start_time_unix_nano == int(number)
    (spans, _, _) = outcome(document(endTimeUnixNano=number))
    assert spans[1].ended_at is None
    assert encode([spans[1]]).resource_spans[0].scope_spans[0].spans[0].end_time_unix_nano == int(number)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": 5}, "name"),
    ({"name": ["x"]}, "name"),
    ({"kind": {}}, "kind"),
    ({"flags": -1}, "flags"),
    ({"startTimeUnixNano": "soon"}, "startTimeUnixNano"),
    ({"endTimeUnixNano": []}, "endTimeUnixNano"),
    ({"parentSpanId": "xyz"}, "parentSpanId"),
    ({"traceState": 1}, "traceState"),
    ({"status": "ERROR"}, "status"),
    ({"status": {"message": 5}}, "status.message"),
    ({"events": {}}, "events"),
    ({"events": [5]}, "events[0]"),
    ({"events": [{"name": 5}]}, "events[0].name"),
    ({"links": [{"traceId": "é"}]}, "links[0].traceId"),
    ({"attributes": "none"}, "attributes"),
    ({"attributes": attribute({"intValue": "x"})}, "attributes[1].value.intValue"),
    ({"attributes": attribute({"doubleValue": "x"})}, "attributes[1].value.doubleValue"),
    ({"attributes": attribute({"boolValue": "yes"})}, "attributes[1].value.boolValue"),
    ({"attributes": attribute({"bytesValue": "?"})}, "attributes[1].value.bytesValue"),
    ({"attributes": attribute({"stringValue": {}})}, "attributes[1].value.stringValue"),
    ({"attributes": attribute({"arrayValue": []})}, "attributes[1].value.arrayValue"),
    ({"attributes": attribute("plain")}, "attributes[1].value"),
    ({"attributes": attribute({"stringValue": "x"}, key=5)}, "attributes[1].key"),
    ({"attributes": [*attribute({}), 5]}, "attributes[2]"),
]


@pytest.mark.parametrize(("changes", "place"), WRONG)
def test_a_wrong_value_costs_that_value(changes: dict[str, Any], place: str) -> None:
    spans, faults, rejected = outcome(document(**changes))
    assert (len(spans), faults, rejected) == (3, [f"{SPAN}[1].{place}"], [])
    if "good" in str(changes):
        assert json.loads(spans[1].attributes)["good"] == "kept"


@pytest.mark.parametrize("changes", [{"traceId": "xyz"}, {"spanId": None}, {"traceId": 5}, {"spanId": "AAAAAAAAAAE="}])
def test_a_span_without_ids_costs_that_span(changes: dict[str, Any]) -> None:
    spans, _, rejected = outcome(document(**changes))
    assert ([span.span_id[-1] for span in spans], rejected) == (["1", "3"], [f"{SPAN}[1].{next(iter(changes))}"])


@pytest.mark.parametrize("bad", [5, "x", [], None])
def test_what_is_no_span_is_refused_in_its_place(bad: object) -> None:
    given = document()
    given["resourceSpans"][0]["scopeSpans"][0]["spans"].insert(0, bad)
    spans, _, rejected = outcome(given)
    assert (len(spans), rejected) == (3, [f"{SPAN}[0].traceId"])


def test_any_number_of_wrong_values_at_once_costs_no_more_than_they_are() -> None:
    dice = Random(7)
    for _ in range(50):
        chosen = dice.sample(WRONG, 4)
        changes = {key: value for each, _ in chosen for key, value in each.items()}
        places = {
            f"{SPAN}[1].{place}" for each, place in chosen if changes.get(next(iter(each))) == each[next(iter(each))]
        }
        spans, faults, rejected = outcome(document(**changes))
        assert (len(spans), rejected) == (3, [])
        assert places <= set(faults)


@pytest.mark.parametrize("kind", [2, "2", "SPAN_KIND_SERVER", "SERVER", "server", "SpanKind.SERVER"])
@pytest.mark.parametrize("code", [2, "2", "STATUS_CODE_ERROR", "ERROR", "Error", "StatusCode.ERROR"])
def test_enums_come_as_numbers_and_names(kind: object, code: object) -> None:
    spans, faults, _ = outcome(document(kind=kind, status={"code": code}))
    assert (spans[1].kind, spans[1].status_code, faults) == ("SERVER", "ERROR", [])


@pytest.mark.parametrize(("number", "expected"), [("0.5", 0.5), ("1e3", 1000.0), ("-7", -7.0), (3, 3.0)])
def test_numbers_come_as_text_too(number: object, expected: float) -> None:
    spans, faults, _ = outcome(document(attributes=attribute({"doubleValue": number})))
    assert (json.loads(spans[1].attributes)["k"], faults) == (expected, [])


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_numbers_that_json_does_not_know_are_kept(number: bytes) -> None:
    body = json.dumps(document(attributes=attribute({"doubleValue": 7.25}))).encode().replace(b"7.25", number)
    spans, faults, _ = outcome(body)
    assert (json.loads(spans[1].attributes)["k"], faults) == ({"doubleValue": number.decode()}, [])


def test_control_characters_are_text_too() -> None:
    body = json.dumps(document(name="NAME")).encode().replace(b"NAME", b"a\x01b\nc")
    spans, faults, _ = outcome(body)
    assert (spans[1].name, faults) == ("a\x01b\nc", [])


BROKEN = [
    (b"a\xff", f"a{REPLACED}"),
    (b"\xe6\xb8\xa1\xe8\xbd", f"\u6e21{REPLACED}"),
    (rb"x\ud83d", f"x{REPLACED}"),
    (rb"\ude00x", f"{REPLACED}x"),
    (rb"\ud83d\ud83d\ude00", f"{REPLACED}\U0001f600"),
    (rb"\\ud83d\ud83d\u0041", f"\\ud83d{REPLACED}A"),
]


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_text_that_is_none_is_replaced_where_it_is_wrong(text: bytes, expected: str) -> None:
    body = json.dumps(document(name="NAME", attributes=attribute({"stringValue": "VALUE"}))).encode()
    spans, faults, rejected = outcome(body.replace(b"NAME", text).replace(b"VALUE", text))
    assert (spans[1].name, json.loads(spans[1].attributes)["k"]) == (expected, expected)
    assert (set(faults), rejected) == ({f"{SPAN}[1].name", f"{SPAN}[1].attributes[1].value.stringValue"}, [])


def test_whole_json_stays_as_it_is() -> None:
    text = json.dumps({"a": "\U0001f600 \\ud83d \\\\", "\u6e21": '"'}).encode()
    assert repaired_json(text) == text


def places(request: ExportTraceServiceRequest) -> Iterator[tuple[Any, str]]:
    """Yield messages with a text, and what that is called."""
    resource = request.resource_spans[0]
    span = resource.scope_spans[0].spans[1]
    yield resource.resource.attributes[0].value, "string_value"
    yield resource.scope_spans[0].scope, "name"
    yield span, "name"
    yield span.attributes[0].value, "string_value"
    yield span.status, "message"
    yield span.events[0].attributes[0], "key"


@pytest.mark.parametrize("place", range(6))
def test_text_in_protobuf_that_is_none_is_replaced_and_named(place: int) -> None:
    event = {"name": "e", "attributes": [{"key": "k", "value": {}}]}
    spans = [otlp_span(number, attributes={"a": "x"}, events=[event], status={"message": "m"}) for number in (1, 2, 3)]
    request = request_of(*spans)
    message, name = list(places(request))[place]
    setattr(message, name, "CUT-HERE")
    faults: list[InvalidInput] = []
    found = parse_protobuf(request.SerializeToString().replace(b"CUT-HERE", b"CUT-HER\xe8"), faults)
    assert len(list(decode(found).spans)) == 3
    message, name = list(places(found))[place]
    assert getattr(message, name) == f"CUT-HER{REPLACED}"
    assert len(faults) == 1
    assert "is not valid UTF-8" in str(faults[0])


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(InvalidInput, match="is not an ExportTraceServiceRequest"):
        parse_protobuf(b"\x0a\xff\xff", [])


@pytest.mark.parametrize(
    ("fields", "started_after"),
    [
        ({}, 10**9),
        ({"events": [{"name": "e", "time_unix_nano": START + 5}]}, 5),
        ({"end_time_unix_nano": 0}, 0),
        ({"end_time_unix_nano": 0, "events": [{"name": "e", "time_unix_nano": START + 5}]}, 5),
    ],
)
def test_a_span_without_a_start_begins_with_the_first_moment_that_is_known(
    fields: dict[str, Any], started_after: int
) -> None:
    request = request_of(otlp_span(1), otlp_span(2, start_time_unix_nano=0, **fields))
    spans = list(decode(request).spans)
    assert spans[1].started_at == START + started_after
    assert encode(spans).resource_spans[0].scope_spans[0].spans[1].start_time_unix_nano == 0


def test_a_span_that_tells_of_no_moment_at_all_is_kept() -> None:
    (span,) = decode(request_of(otlp_span(1, start_time_unix_nano=0, end_time_unix_nano=0))).spans
    assert span.started_at == 0
