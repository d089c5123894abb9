"""Logs and metrics are answered as OTLP says; log records with the contents of a span fill that span."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from spanwell.http.endpoints import otlp_signals
from tests.http.clients import Client, client_of, make_app
from tests.making import START
from tests.otlp.making import TRACE, otlp_span

from .test_otlp import JSON, PROTOBUF, bodies

SPAN = (1).to_bytes(8, "big")


@pytest.fixture
def client() -> Iterator[Client]:
    otlp_signals._Notice.last.clear()
    with client_of(make_app()) as client:
        yield client


def post(client: Client, path: str, body: Any, headers: dict[str, str] = JSON) -> dict[str, Any]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post(path, content=content, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, headers["content-type"])
    found: dict[str, Any] = answer.json() if headers == JSON else {"bytes": answer.content}
    return found


def record(name: str, attributes: dict[str, str], body: Any = None, **changes: Any) -> dict[str, Any]:
    values = [{"key": key, "value": {"stringValue": value}} for key, value in attributes.items()]
    ids = {"traceId": TRACE.hex(), "spanId": SPAN.hex()}
    said = {} if body is None else {"body": body}
    return {**ids, "timeUnixNano": str(START), "eventName": name, "attributes": values, **said, **changes}


def logs(*records: dict[str, Any]) -> dict[str, Any]:
    scope = {"name": "autogen_core.events"}
    return {"resourceLogs": [{"scopeLogs": [{"scope": scope, "logRecords": list(records)}]}]}


def contents(client: Client) -> dict[str, Any]:
    query = f'{{ span(traceId: "{TRACE.hex()}", spanId: "{SPAN.hex()}") {{ name input output status }} }}'
    found: dict[str, Any] = client.post("/graphql", json={"query": query}).json()["data"]["span"]
    return found


def export_span(client: Client) -> None:
    headers, body = bodies(otlp_span(1, name="chat"))[0]
    assert client.post("/v1/traces", content=body, headers=headers).status_code == 200


DETAILS = record(
    "gen_ai.client.inference.operation.details",
    {"gen_ai.input.messages": '[{"role":"user"}]', "gen_ai.output.messages": '[{"role":"assistant"}]'},
)
KVLIST = {"kvlistValue": {"values": [{"key": "content", "value": {"stringValue": "hi"}}]}}
OLD = [
    record("gen_ai.user.message", {"gen_ai.system": "openai"}, KVLIST),
    record("", {"event.name": "gen_ai.choice"}, {"stringValue": "yes"}),
]
LITELLM = [
    record(
        "",
        {"event_name": "gen_ai.content.prompt", "gen_ai.prompt": "hi"},
        {"stringValue": '{"role": "user", "content": "hi"}'},
    ),
    record(
        "",
        {"event_name": "gen_ai.content.completion", "message.content": "yes", "finish_reason": "stop"},
        {"stringValue": '{"index": 0, "message": {"role": "assistant", "content": "yes"}}'},
    ),
]
SEMANTIC_KERNEL = [
    record(
        "",
        {"event.name": "gen_ai.user.message", "CHAT_MESSAGE_INDEX": "0", "code.line.number": "380"},
        {"stringValue": '{"role": "user", "content": "hi"}'},
    ),
    record(
        "", {"event.name": "gen_ai.choice"}, {"stringValue": '{"message": {"role": "assistant", "content": "yes"}}'}
    ),
]
PROMPT = [record("", {"event.name": "gen_ai.prompt"}, {"stringValue": "hi"})]
CALL = {"type": "LLMCall", "messages": [{"role": "user"}], "response": {"id": "first"}}
AUTOGEN = [
    record("", {}, {"stringValue": json.dumps(CALL)}),
    record(
        "", {}, {"stringValue": json.dumps({**CALL, "messages": [{"role": "user"}] * 2, "response": {"id": "last"}})}
    ),
]
TOOL = [record("", {}, {"stringValue": '{"type": "ToolCall", "arguments": {"pier": 4}, "result": "nine"}'})]
EXPECTED = [
    ([DETAILS], [{"role": "user"}], [{"role": "assistant"}]),
    (OLD, [{"role": "user", "content": "hi"}], [{"role": "assistant", "content": "yes"}]),
    (
        LITELLM,
        [{"role": "user", "content": "hi"}],
        [{"role": "assistant", "content": "yes", "finish_reason": "stop"}],
    ),
    (SEMANTIC_KERNEL, [{"role": "user", "content": "hi"}], [{"role": "assistant", "content": "yes"}]),
    (PROMPT, "hi", None),
    (AUTOGEN, [{"role": "user"}] * 2, {"id": "last"}),
    (TOOL, {"pier": 4}, "nine"),
]


@pytest.mark.parametrize(("records", "given", "returned"), EXPECTED)
@pytest.mark.parametrize("is_first", [True, False])
def test_log_records_fill_their_span_in_whatever_order_they_come(
    client: Client, records: list[dict[str, Any]], given: object, returned: object, is_first: object
) -> None:
    if not is_first:
        export_span(client)
    assert post(client, "/v1/logs", logs(*records)) == {}
    if is_first:
        assert contents(client)["status"] == "RUNNING"
        export_span(client)
    assert contents(client) == {"name": "chat", "input": given, "output": returned, "status": "SUCCESS"}


@pytest.mark.parametrize("is_first", [True, False])
def test_log_records_tell_whose_span_it_is(client: Client, *, is_first: bool) -> None:
    """Google's ADK states the user in its records alone."""
    if not is_first:
        export_span(client)
    post(client, "/v1/logs", logs(record("gen_ai.user.message", {"user.id": "ola", "session.id": "s-1"}, KVLIST)))
    if is_first:
        export_span(client)
    query = f'{{ trace(traceId: "{TRACE.hex()}") {{ userId sessionId spans {{ nodes {{ userId name }} }} }} }}'
    found = client.post("/graphql", json={"query": query}).json()["data"]["trace"]
    span = {"userId": "ola", "name": "chat"}
    assert found == {"userId": "ola", "sessionId": "s-1", "spans": {"nodes": [span]}}


def usage(client: Client) -> dict[str, Any]:
    fields = "model inputTokens outputTokens totalTokens costUsd"
    query = f'{{ span(traceId: "{TRACE.hex()}", spanId: "{SPAN.hex()}") {{ {fields} events }} }}'
    found: dict[str, Any] = client.post("/graphql", json={"query": query}).json()["data"]["span"]
    return found


def call(number: int) -> dict[str, Any]:
    """Return AutoGen's record of a call of a model."""
    response = {"model": "gpt-4o", "choices": []}
    said = {**CALL, "response": response, "prompt_tokens": 100 * number, "completion_tokens": 10 * number}
    return record("", {}, {"stringValue": json.dumps(said)}, timeUnixNano=str(START + number))


def detail(number: int) -> dict[str, Any]:
    """Return OpenTelemetry's record of a call without its contents, as it is unless these are asked for."""
    tokens = {"gen_ai.usage.input_tokens": f"{100 * number}", "gen_ai.usage.output_tokens": f"{10 * number}"}
    return record(
        "gen_ai.client.inference.operation.details",
        {"gen_ai.response.model": "gpt-4o", **tokens},
        timeUnixNano=str(START + number),
    )


@pytest.mark.parametrize("make", [call, detail])
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("is_together", [True, False])
def test_the_tokens_of_a_span_are_those_of_all_calls_that_records_tell_of(
    client: Client, make: Any, *, is_first: bool, is_together: bool
) -> None:
    """Records that are sent again count once."""
    if not is_first:
        export_span(client)
    records = [make(1), make(2)]
    for sent in [records, records] if is_together else [records[:1], records[1:], records[:1]]:
        assert post(client, "/v1/logs", logs(*sent)) == {}
    if is_first:
        export_span(client)
    found = usage(client)
    assert len(found.pop("events")) == 2
    expected = {"inputTokens": 300, "outputTokens": 30, "totalTokens": 330, "costUsd": 0.00105}
    assert found == {"model": "gpt-4o", **expected}


def test_the_tokens_that_a_span_states_win_over_those_of_records(client: Client) -> None:
    headers, body = bodies(otlp_span(1, attributes={"gen_ai.usage.input_tokens": 7}))[0]
    assert client.post("/v1/traces", content=body, headers=headers).status_code == 200
    post(client, "/v1/logs", logs(detail(1)))
    assert (usage(client)["inputTokens"], usage(client)["model"]) == (7, None)


OTHERS = [
    record("gen_ai.user.message", {}, traceId=""),
    record("gen_ai.user.message", {}, spanId="00"),
    record("app.started", {"a": "b"}),
    record("", {}, {"stringValue": "plain"}),
]


def test_other_records_are_counted_as_rejected(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        post(client, "/v1/logs", logs(DETAILS, *OTHERS))
        found = post(client, "/v1/logs", logs(DETAILS, *OTHERS))["partialSuccess"]
    assert found["rejectedLogRecords"] == "4"
    assert "are ignored" in found["errorMessage"]
    assert len([each for each in caplog.messages if "are ignored" in each]) == 1


METRICS = {
    "resourceMetrics": [
        {
            "scopeMetrics": [
                {
                    "metrics": [
                        {"name": "a", "sum": {"dataPoints": [{"asInt": "1"}, {"asInt": "2"}]}},
                        {"name": "b", "gauge": {"dataPoints": [{"asDouble": 1.5}]}},
                        {"name": "c"},
                    ]
                }
            ]
        }
    ]
}


def test_all_points_of_metrics_are_counted_as_rejected(client: Client) -> None:
    found = post(client, "/v1/metrics", METRICS)["partialSuccess"]
    assert (found["rejectedDataPoints"], "metrics are ignored" in found["errorMessage"]) == ("3", True)


@pytest.mark.parametrize("path", ["/v1/logs", "/v1/metrics"])
@pytest.mark.parametrize(("headers", "body"), [(JSON, b"{}"), (PROTOBUF, b"")])
def test_an_empty_request_is_a_success(client: Client, path: str, headers: dict[str, str], body: bytes) -> None:
    assert post(client, path, body, headers) in ({}, {"bytes": b""})


@pytest.mark.parametrize("kind", [ExportLogsServiceRequest, ExportMetricsServiceRequest])
def test_protobuf_is_answered_in_protobuf(client: Client, kind: type[Any]) -> None:
    path = "/v1/logs" if kind is ExportLogsServiceRequest else "/v1/metrics"
    request: Any = kind()
    if kind is ExportLogsServiceRequest:
        request.resource_logs.add().scope_logs.add().log_records.add().severity_text = "INFO"
    else:
        request.resource_metrics.add().scope_metrics.add().metrics.add().gauge.data_points.add()
    assert b"are ignored" in post(client, path, request.SerializeToString(), PROTOBUF)["bytes"]


def test_what_is_no_request_is_refused(client: Client) -> None:
    answer = client.post("/v1/metrics", content=b"[]", headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, 3)


EVALUATED = {
    "gen_ai.evaluation.name": "relevance",
    "gen_ai.evaluation.score.label": "poor",
    "gen_ai.evaluation.explanation": "Off topic.",
}


def evaluations(client: Client) -> list[dict[str, Any]]:
    query = "{ scores { nodes { name textValue comment traceId spanId timestamp } } }"
    found: list[dict[str, Any]] = client.post("/graphql", json={"query": query}).json()["data"]["scores"]["nodes"]
    return found


def test_an_evaluation_in_a_log_record_is_a_score_of_its_span_or_its_trace(client: Client) -> None:
    result = record("gen_ai.evaluation.result", EVALUATED)
    of_trace = record("gen_ai.evaluation.result", {"gen_ai.evaluation.name": "toxicity"}, spanId="")
    for _ in range(2):
        assert post(client, "/v1/logs", logs(result, of_trace)) == {}
    relevance, toxicity = sorted(evaluations(client), key=lambda score: str(score["name"]))
    assert (relevance["textValue"], relevance["comment"]) == ("poor", "Off topic.")
    assert (relevance["traceId"], relevance["spanId"]) == (TRACE.hex(), SPAN.hex())
    assert (toxicity["traceId"], toxicity["spanId"]) == (TRACE.hex(), None)


def test_an_evaluation_of_nothing_is_counted_as_rejected(client: Client) -> None:
    answer = post(client, "/v1/logs", logs(record("gen_ai.evaluation.result", EVALUATED, traceId="", spanId="")))
    assert int(answer["partialSuccess"]["rejectedLogRecords"]) == 1
    assert evaluations(client) == []
