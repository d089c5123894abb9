"""Keys of semantic conventions fill the fields they speak of."""

import json
from typing import Any

import pytest

from spanwell.observability.conventions.attributes import OF_RESOURCE, TEXTS, described
from spanwell.observability.derivation.derived import derived
from spanwell.observability.model.span import Span, SpanStatus, StatusCode
from spanwell.otlp.decoding import decode
from spanwell.otlp.values import otlp_attributes

from .making import otlp_span, request_of


def the_span(**fields: Any) -> Span:
    """Return the span that an OTLP span is stored as."""
    (span,) = decode(request_of(otlp_span(**fields), resource=fields.pop("resource", None))).spans
    return derived(span)


@pytest.mark.parametrize(("field", "key"), [(field, key) for field, keys in TEXTS.items() for key in keys])
def test_every_key_of_the_table_fills_its_field(field: str, key: str) -> None:
    assert described({key: "said"}, {})[field] == "said"
    assert field not in described({key: ""}, {})
    assert field not in described({key: {"a": 1}}, {})


@pytest.mark.parametrize(("field", "keys"), TEXTS.items())
def test_the_first_key_that_is_there_wins(field: str, keys: tuple[str, ...]) -> None:
    attributes = {key: f"value {index}" for index, key in enumerate(keys)}
    assert described(dict(reversed(attributes.items())), {})[field] == "value 0"


@pytest.mark.parametrize(("field", "key"), [(field, key) for field, keys in OF_RESOURCE.items() for key in keys])
def test_the_resource_tells_what_the_span_does_not(field: str, key: str) -> None:
    assert described({}, {key: "said"}) == {field: "said"}


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
    ],
)
def test_what_ran_is_told_by_what_is_named(attributes: dict[str, Any], expected: dict[str, Any]) -> None:
    assert described(attributes, {}).items() >= expected.items()


@pytest.mark.parametrize("key", ["mastra.tags", "tag.tags", "langfuse.trace.tags"])
def test_tags_are_a_list_of_texts(key: str) -> None:
    assert described({key: ["a", 1, "b"]}, {})["tags"] == ["a", "b"]
    assert "tags" not in described({key: "a"}, {})


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


EXCEPTION = {"exception.type": "KeyError", "exception.message": "'a'", "exception.stacktrace": "at ..."}


def exception(**attributes: str) -> Any:
    from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan  # noqa: PLC0415 - its name is our Span's

    return OtlpSpan.Event(name="exception", attributes=otlp_attributes(attributes))


def test_the_exception_of_a_failed_span_is_its_error() -> None:
    events = [exception(**{"exception.type": "First"}), exception(**EXCEPTION)]
    span = the_span(events=events, status={"code": 2, "message": "failed"})
    assert json.loads(span.error_info or "") == {"name": "KeyError", "message": "'a'", "stack": "at ..."}
    assert (span.status, span.status_code, span.status_message) == (SpanStatus.ERROR, StatusCode.ERROR, "failed")


@pytest.mark.parametrize("status", [{}, {"code": 1}])
def test_an_exception_that_was_handled_is_no_error(status: dict[str, Any]) -> None:
    span = the_span(events=[exception(**EXCEPTION)], status=status)
    assert (span.status, span.error_info) == (SpanStatus.SUCCESS, None)
    assert json.loads(span.events or "")[0]["name"] == "exception"


def test_a_failed_span_without_an_exception_has_a_message_only() -> None:
    span = the_span(status={"code": 2, "message": "failed"})
    assert (span.status, span.error_info, span.status_message) == (SpanStatus.ERROR, None, "failed")


def test_a_span_without_an_end_runs() -> None:
    assert the_span(end_time_unix_nano=0).status is SpanStatus.RUNNING
