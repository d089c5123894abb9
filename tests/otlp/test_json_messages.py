"""OTLP/JSON is read as protobuf's own reader would read it, and what is wrong is told with its place."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from spanwell.observability.model.errors import InvalidInput
from spanwell.otlp.documents import parse_json
from spanwell.otlp.json_messages import read_message

from .test_homes import documents

NUMBERS = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
VALUES: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.one_of(
        st.fixed_dictionaries({"stringValue": TEXTS}),
        st.fixed_dictionaries({"boolValue": st.booleans()}),
        st.fixed_dictionaries({"intValue": NUMBERS | NUMBERS.map(str)}),
        st.fixed_dictionaries({"doubleValue": st.floats(allow_nan=False, allow_infinity=False) | st.just("Infinity")}),
        st.fixed_dictionaries({"bytesValue": st.sampled_from(["", "AP8=", "AP8", "-_8="])}),
        st.just({}),
    ),
    lambda inner: (
        st.fixed_dictionaries({"arrayValue": st.fixed_dictionaries({"values": st.lists(inner, max_size=3)})})
        | st.fixed_dictionaries(
            {
                "kvlistValue": st.fixed_dictionaries(
                    {"values": st.lists(st.fixed_dictionaries({"key": TEXTS, "value": inner}))}
                )
            }
        )
    ),
    max_leaves=4,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(VALUES)
def test_values_are_read_as_protobuf_reads_them(value: dict[str, Any]) -> None:
    given = json.loads(json.dumps(value))
    assert AnyValue(**read_message(AnyValue.DESCRIPTOR, given)) == ParseDict(given, AnyValue())


def without_ids(value: Any) -> Any:
    """Return a document without the ids, in which OTLP/JSON is not protobuf's JSON."""
    if isinstance(value, dict):
        return {key: without_ids(inner) for key, inner in value.items() if not key.endswith("Id")}
    return [without_ids(each) for each in value] if isinstance(value, list) else value


def real_spans(path: Path) -> Iterator[Any]:
    for resource in json.loads(path.read_bytes())["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            yield from scope["spans"]


def test_real_documents_are_read_as_protobuf_reads_them() -> None:
    for path in documents():
        for span in map(without_ids, real_spans(path)):
            assert Span(**read_message(Span.DESCRIPTOR, span)) == ParseDict(span, Span())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"kind": 3}, Span(kind=Span.SPAN_KIND_CLIENT)),
        ({"kind": "SPAN_KIND_CLIENT"}, Span(kind=Span.SPAN_KIND_CLIENT)),
        ({"kind": "NEW"}, Span()),
        ({"flags": 257.0}, Span(flags=257)),
        ({"flags": "257"}, Span(flags=257)),
        ({"start_time_unix_nano": "5"}, Span(start_time_unix_nano=5)),
        ({"name": None, "unknown": {"name": 1}}, Span()),
        ({"traceId": "0aFF"}, Span(trace_id=b"\x0a\xff")),
        (
            {"attributes": [{"key": "k", "value": {"doubleValue": 1}}]},
            Span(attributes=[KeyValue(key="k", value=AnyValue(double_value=1.0))]),
        ),
    ],
)
def test_exporters_write_values_in_several_ways(given: dict[str, Any], expected: Span) -> None:
    assert Span(**read_message(Span.DESCRIPTOR, given)) == expected


OLD = [("instrumentationLibrarySpans", "instrumentationLibrary"), ("instrumentation_library_spans", "scope")]


@pytest.mark.parametrize("is_bad", [False, True])
@pytest.mark.parametrize(("spans", "scope"), OLD)
def test_documents_of_before_otlp_0_15_are_read(spans: str, scope: str, is_bad: object) -> None:
    """What is repaired as well, for it names the same fields."""
    span = {"traceId": "ab" * 16, "spanId": "cd" * 8, "name": "old", **({"flags": -1} if is_bad else {})}
    document = {"resourceSpans": [{spans: [{scope: {"name": "library"}, "spans": [span]}]}]}
    (found,) = parse_json(json.dumps(document).encode(), []).resource_spans[0].scope_spans
    assert (found.scope.name, found.spans[0].name) == ("library", "old")


def test_an_empty_status_is_there_and_an_absent_one_is_not() -> None:
    assert Span(**read_message(Span.DESCRIPTOR, {"status": {}})).HasField("status")
    assert not Span(**read_message(Span.DESCRIPTOR, {})).HasField("status")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": 5}, "`name` is not a text."),
        ({"flags": -1}, "`flags` is not an integer from 0 to 4294967295."),
        ({"flags": 1.5}, "`flags` is not an integer from 0 to 4294967295."),
        ({"flags": True}, "`flags` is not an integer from 0 to 4294967295."),
        (
            {"startTimeUnixNano": str(2**64)},
            "`startTimeUnixNano` is not an integer from 0 to 18446744073709551615.",
        ),
        ({"startTimeUnixNano": "1_0"}, "`startTimeUnixNano` is not an integer from 0 to 18446744073709551615."),
        ({"kind": 2**31}, "`kind` is not an integer from -2147483648 to 2147483647."),
        ({"traceId": "xy"}, "`traceId` is not hexadecimal."),
        ({"traceId": 5}, "`traceId` is not a text."),
        ({"links": {}}, "`links` is not a list."),
        ({"links": [{}, 1]}, "`links[1]` is not an object."),
        ({"links": [{"spanId": "é"}]}, "`links[0].spanId` is not hexadecimal."),
        ({"status": []}, "`status` is not an object."),
        ({"attributes": [{"value": {"bytesValue": "?"}}]}, "`attributes[0].value.bytesValue` is not base64."),
        ({"attributes": [{"value": {"bytesValue": "é"}}]}, "`attributes[0].value.bytesValue` is not base64."),
        ({"attributes": [{"value": {"boolValue": 1}}]}, "`attributes[0].value.boolValue` is not true or false."),
        ({"attributes": [{"value": {"doubleValue": "1_0"}}]}, "`attributes[0].value.doubleValue` is not a number."),
        (
            {"attributes": [{"value": {"doubleValue": 10**400}}]},
            "`attributes[0].value.doubleValue` is too large a number.",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput) as failed:
        read_message(Span.DESCRIPTOR, given)
    assert str(failed.value) == said


def test_a_value_that_is_nested_too_deeply_is_cut_off() -> None:
    value: dict[str, Any] = {"stringValue": "x"}
    for _ in range(100):
        value = {"arrayValue": {"values": [value]}}
    attribute = {"key": "k", "value": value}
    document = {"resourceSpans": [{"scopeSpans": [{"spans": [{"attributes": [attribute]}]}]}]}
    faults: list[InvalidInput] = []
    (found,) = parse_json(json.dumps(document).encode(), faults).resource_spans[0].scope_spans[0].spans[0].attributes
    assert found.key == "k"
    assert [fault.problem for fault in faults] == ["is nested too deeply"]
