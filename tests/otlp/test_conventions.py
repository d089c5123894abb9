"""Keys of semantic conventions fill the fields they speak of."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan

from spanwell.observability.conventions.attributes import described
from spanwell.observability.conventions.event_usage import read_usage
from spanwell.observability.conventions.rows.contents import SIDES
from spanwell.observability.conventions.rows.context import METADATA, OF_RESOURCE, OUTCOMES, TAGS, TEXTS
from spanwell.observability.conventions.rows.row import Way, ways_of
from spanwell.observability.conventions.usage import KEYS
from spanwell.observability.model.span import StatusCode
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.otlp.decoding import decode
from spanwell.otlp.values import otlp_attributes
from tests.making import START

from .making import exception, otlp_span, request_of, the_span


def cases(table: Any) -> list[Any]:
    """Return a case for each way of a table."""
    return [pytest.param(field, way, id=way.key) for field, ways in ways_of(table).items() for way in ways]


def at(way: Way, value: object) -> dict[str, Any]:
    """Return attributes with a value where a way leads: as itself, or as JSON in a text."""
    if way.path is None:
        return {way.key: value}
    for part in reversed(way.path):
        value = [value] if part == "*" else {part: value}
    return {way.key: json.dumps(value)}


@pytest.mark.parametrize(("field", "way"), cases(TEXTS))
def test_every_key_of_the_table_fills_its_field(field: str, way: Way) -> None:
    assert described(at(way, "said"), {})[field] == "said"
    assert field not in described(at(way, ""), {})
    assert field not in described(at(way, {"a": 1}), {})


@pytest.mark.parametrize(("field", "ways"), ways_of(TEXTS).items())
def test_the_first_key_that_is_there_wins(field: str, ways: tuple[Way, ...]) -> None:
    attributes: dict[str, Any] = {}
    for index, way in enumerate(ways):
        attributes |= at(way, f"value {index}")
    assert described(dict(reversed(attributes.items())), {})[field] == "value 0"


@pytest.mark.parametrize(("field", "way"), cases(OF_RESOURCE))
def test_the_resource_tells_what_the_span_does_not(field: str, way: Way) -> None:
    assert described({}, {way.key: "said"}) == {field: "said"}


def test_a_span_has_more_to_say_of_its_environment_than_its_resource() -> None:
    found = described({"deployment.environment": "canary"}, {"deployment.environment.name": "production"})
    assert found["environment"] == "canary"


def test_numbers_are_ids_too() -> None:
    assert described({"user.id": 42, "session.id": True}, {}) == {"user_id": "42"}


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"gen_ai.tool.name": "search"}, {"entity_type": "tool", "entity_name": "search"}),
        ({"gen_ai.agent.name": "planner", "gen_ai.agent.id": "7"}, {"entity_type": "agent", "entity_id": "7"}),
        ({"mastra.entity.type": "workflow", "gen_ai.tool.name": "x"}, {"entity_type": "workflow"}),
        (
            {"lk.agent_label": "clerk", "gen_ai.workflow.name": "session"},
            {"entity_type": "workflow", "entity_name": "session"},
        ),
    ],
)
def test_what_ran_is_told_by_what_is_named(attributes: dict[str, Any], expected: dict[str, Any]) -> None:
    assert described(attributes, {}).items() >= expected.items()


AGENT = {"openinference.span.kind": "AGENT"}


@pytest.mark.parametrize(
    ("name", "attributes", "expected"),
    [
        ("researcher", AGENT, ("agent", "researcher")),
        (" a crew ", AGENT, ("agent", "a crew")),
        ("researcher", {**AGENT, "agent.name": "named"}, ("agent", "named")),
        ("invoke_agent clerk", AGENT, ("agent", "clerk")),
        (" ", AGENT, (None, None)),
        ("step", {"openinference.span.kind": "CHAIN"}, (None, None)),
    ],
)
def test_an_agent_that_no_attribute_names_has_the_name_of_its_span(
    name: str, attributes: dict[str, Any], expected: tuple[str | None, str | None]
) -> None:
    found = described(attributes, {}, name=name)
    assert (found.get("entity_type"), found.get("entity_name")) == expected


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        ({"gen_ai.tool.name": "search"}, "tool_call"),
        ({"gen_ai.request.model": "gpt-4o", "gen_ai.agent.name": "planner"}, "model_generation"),
        ({"gcp.vertex.agent.llm_request": '{"contents": []}'}, "model_generation"),
        ({"gcp.vertex.agent.llm_request": "{}", "gen_ai.agent.name": "planner"}, "agent_run"),
        ({"gen_ai.request.model": "gpt-4o", "gen_ai.operation.name": "chat"}, "chat"),
        ({"gen_ai.request.model": ""}, None),
        ({"gen_ai.operation.name": "framework", "spring.ai.kind": "advisor"}, "advisor"),
    ],
)
def test_a_type_that_nobody_states_is_told_by_what_is_there(attributes: dict[str, Any], kind: str | None) -> None:
    assert described(attributes, {}).get("type") == kind


@pytest.mark.parametrize("prefix", ["foo.", "acme.llm.", "", "x:"])
@pytest.mark.parametrize(
    ("name", "side"),
    [
        *(("prompts", "input"), ("input_messages", "input"), ("messages", "input"), ("inputs", "input")),
        *(("completions", "output"), ("choices", "output"), ("output_messages", "output")),
        *(("retrieved_documents", "output"), ("input_documents", None), ("tags", None), ("promptly", None)),
    ],
)
def test_a_list_that_is_spelled_out_is_known_by_its_name_under_any_prefix(
    prefix: str, name: str, side: str | None
) -> None:
    found = described({f"{prefix}{name}.1.content": "b", f"{prefix}{name}.0.content": "a"}, {})
    expected = {} if side is None else {side: [{"content": "a"}, {"content": "b"}]}
    assert {key: json.loads(value) for key, value in found.items()} == expected


@pytest.mark.parametrize(("field", "way"), cases(TAGS))
@pytest.mark.parametrize("value", [["a", 1, "b"], '["a", "b"]', "a, b"])
def test_tags_are_a_list_json_in_a_text_or_a_text_with_commas(field: str, way: Way, value: object) -> None:
    assert described({way.key: value}, {})[field] == ["a", "b"]
    assert field not in described({way.key: {"a": 1}}, {})


@pytest.mark.parametrize(("_", "way"), cases(METADATA))
def test_metadata_is_put_together(_: str, way: Way) -> None:
    attributes = {way.key.replace("*", "plan"): "gold"} if "*" in way.key else {way.key: '{"plan": "gold"}'}
    found = described({**attributes, "metadata": {"own": 1}} if way.key != "metadata" else attributes, {})
    assert json.loads(found["metadata"])["plan"] == "gold"


@pytest.mark.parametrize(("field", "way"), cases(OUTCOMES))
def test_words_for_errors_are_errors(field: str, way: Way) -> None:
    kinds = {"success": (False, True), "is_error": (True, False), "level_num": (17, 9)}
    bad, good = next((values for end, values in kinds.items() if way.key.endswith(end)), ("error", "OK"))
    assert described({way.key: bad}, {})[field] is StatusCode.ERROR
    assert field not in described({way.key: good}, {})


@pytest.mark.parametrize(
    ("attributes", "is_error"),
    [
        *(({"error.type": "TimeoutError"}, True), ({"error.type": ""}, False)),
        *(({"error": True}, True), ({"error": "false"}, False), ({"error": "boom"}, True), ({"error": {}}, False)),
        *(({"success": "false"}, True), ({"success": "true"}, False), ({"lk.function_tool.is_error": "true"}, True)),
    ],
)
def test_true_and_false_and_errors_come_as_texts_too(attributes: dict[str, Any], *, is_error: bool) -> None:
    assert ("status_code" in described(attributes, {})) is is_error


@pytest.mark.parametrize("level", [True, 40, None, "warning"])
def test_other_values_of_a_level_are_no_errors(level: object) -> None:
    assert "status_code" not in described({"level": level}, {})


@pytest.mark.parametrize(("side", "way"), cases(row for rows in SIDES.values() for row in rows))
def test_every_key_of_contents_is_read_in_every_form(side: str, way: Way) -> None:
    key, path = way.key.replace("*", "agent_run"), "/".join(way.path or ())
    forms: list[tuple[Any, Any]] = [("text", "text"), ('[{"a": 1}]', [{"a": 1}]), ([1, 2], [1, 2])]
    if way.path == ("*",):
        forms = [(["plain", '{"a": 1}'], ["plain", {"a": 1}])]
    elif path:
        forms = [([{"embedding": {"text": "a"}}], ["a"])]
    for value, expected in forms:
        assert json.loads(described({key: value}, {})[side]) == expected
    if not path:
        spelled = {f"{key}.1.role": "b", f"{key}.0.role": "a"}
        assert json.loads(described(spelled, {})[side]) == [{"role": "a"}, {"role": "b"}]


def test_what_is_empty_gives_way_to_what_says_something() -> None:
    attributes = {"gcp.vertex.agent.llm_request": "{}", "gcp.vertex.agent.tool_call_args": '{"a": 1}'}
    assert json.loads(described(attributes, {})["input"]) == {"a": 1}
    assert described({"gen_ai.tool.call.arguments": "{}"}, {})["input"] == "{}"
    assert "input" not in described({"input.value": "", "gen_ai.prompt": None}, {})


def test_a_text_and_its_calls_are_one_message() -> None:
    calls = '[{"toolName": "timetable"}]'
    assert (
        described({"ai.response.text": "", "ai.response.toolCalls": calls}, {})["output"]
        == '[{"toolName":"timetable"}]'
    )
    both = described({"ai.response.text": "I look.", "ai.response.toolCalls": calls}, {})["output"]
    assert json.loads(both) == {"role": "assistant", "content": "I look.", "tool_calls": json.loads(calls)}
    assert described({"ai.response.text": "Yes.", "ai.response.toolCalls": "[]"}, {})["output"] == '"Yes."'


CONTENTS = [
    ({"input.value": "plain"}, "plain"),
    ({"input.value": '{"b": 1, "a": [1.50]}'}, {"b": 1, "a": [1.5]}),
    ({"input.value": '{"b": 1}', "input.mime_type": "text/plain"}, '{"b": 1}'),
    ({"input.value": "{broken", "input.mime_type": "application/json"}, "{broken"),
    ({"gen_ai.input.messages": '[{"role": "user"}]'}, [{"role": "user"}]),
    ({"gen_ai.prompt": "hello"}, "hello"),
    ({"gen_ai.tool.call.arguments": '{"city": "Oslo"}'}, {"city": "Oslo"}),
    ({"mastra.agent_run.input": '["hi"]'}, ["hi"]),
    ({"input.value": ["a", {"b": None}]}, ["a", {"b": None}]),
    (
        {
            "llm.input_messages.1.message.role": "assistant",
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.contents.0.message_content.text": "hi",
            "llm.input_messages.nonsense": 1,
        },
        [{"role": "user", "contents": [{"message_content": {"text": "hi"}}]}, {"role": "assistant"}],
    ),
    ({"gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "hi"}, [{"role": "user", "content": "hi"}]),
    ({"gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.role.deep": 1}, [{"role": {"deep": 1}}]),
]


@pytest.mark.parametrize(("attributes", "expected"), CONTENTS)
def test_contents_are_json_in_whatever_form_they_come(attributes: dict[str, Any], expected: object) -> None:
    assert json.loads(described(attributes, {})["input"]) == expected


def test_outputs_are_read_as_inputs_are() -> None:
    attributes = {
        "llm.output_messages.0.message.content": "hi",
        "input.value": "x",
        "output.value": "[1]",
        "output.mime_type": "application/json",
    }
    assert json.loads(described(attributes, {})["output"]) == [1]
    del attributes["output.value"]
    assert json.loads(described(attributes, {})["output"]) == [{"content": "hi"}]


def test_attributes_stay_as_they_were() -> None:
    attributes = {"session.id": "s", "input.value": "x", "gen_ai.request.model": "m", "gen_ai.usage.input_tokens": 3}
    span = the_span(attributes=attributes)
    assert json.loads(span.attributes or "") == attributes
    assert (span.session_id, span.model, span.input_tokens, span.input) == ("s", "m", 3, '"x"')


@settings(max_examples=200)
@given(
    st.dictionaries(
        st.sampled_from(sorted({way.key for ways in KEYS.values() for way in ways} | {"other"})),
        st.integers(0, 9) | st.text(max_size=3) | st.sampled_from(['{"input_tokens": 3, "total": 1}', "0.5", True]),
        max_size=8,
    )
)
def test_usage_is_the_same_read_of_an_export_and_of_what_is_stored(attributes: dict[str, Any]) -> None:
    told = OtlpSpan.Event(name="call", attributes=otlp_attributes(dict(sorted(attributes.items())[::2])))
    events = [exception(message="m"), OtlpSpan.Event(name="first token", time_unix_nano=START + 10**8), told]
    spans = decode(request_of(otlp_span(attributes=attributes, events=events))).spans
    assert isinstance(spans, SpanColumns)
    (span,) = spans
    assert spans.usage == [read_usage(span.attributes, span.started_at, span.ended_at, span.events)]
