"""What frameworks send means the same over every road: OTLP as protobuf and as JSON, and mutations."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan

from spanwell.otlp.documents import write_document
from spanwell.otlp.values import otlp_attributes
from tests.http.clients import Client, client_of, make_app
from tests.making import START

from .making import TRACE, otlp_span, request_of
from .senders import SENT, Sent

FIELDS = (
    "type model inputTokens outputTokens totalTokens cachedInputTokens cacheWriteInputTokens reasoningTokens "
    "audioInputTokens audioOutputTokens costUsd timeToFirstTokenMs tokensPerSecond input output entityType entityName "
    "entityId userId sessionId threadId requestId tags metadata status"
)
CREATE = "mutation ($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount } }"
NAMES = list(SENT)


def requests() -> Any:
    """Return all spans as one export; each is numbered as its name is."""
    spans = [
        otlp_span(
            number,
            name=sent.name,
            attributes=dict(sent.attributes),
            events=[OtlpSpan.Event(name=name, attributes=otlp_attributes(stated)) for name, stated in sent.events],
        )
        for number, sent in enumerate(SENT.values(), 1)
    ]
    return request_of(*spans)


def send_protobuf(client: Client) -> None:
    headers = {"content-type": "application/x-protobuf"}
    client.post("/v1/traces", content=requests().SerializeToString(), headers=headers).raise_for_status()


def send_json(client: Client) -> None:
    body = json.dumps(write_document(requests())).encode()
    client.post("/v1/traces", content=body, headers={"content-type": "application/json"}).raise_for_status()


def send_mutation(client: Client) -> None:
    spans = [created(number, sent) for number, sent in enumerate(SENT.values(), 1)]
    answer = client.post("/graphql", json={"query": CREATE, "variables": {"spans": spans}}).json()
    assert answer["data"]["batchCreateSpans"]["createdCount"] == len(SENT), answer


def created(number: int, sent: Sent) -> dict[str, Any]:
    """Return a span as a mutation takes it."""
    return {
        "traceId": TRACE.hex(),
        "spanId": f"{number:016x}",
        "name": sent.name,
        "startedAt": "2026-01-01T00:00:00Z",
        "endedAt": "2026-01-01T00:00:01Z",
        "attributes": dict(sent.attributes),
        "events": [{"name": name, "timeUnixNano": str(START), "attributes": stated} for name, stated in sent.events],
    }


@pytest.fixture(scope="module", params=[send_protobuf, send_json, send_mutation])
def stored(request: pytest.FixtureRequest) -> Iterator[Mapping[str, Any]]:
    with client_of(make_app()) as client:
        request.param(client)
        query = f'{{ trace(traceId: "{TRACE.hex()}") {{ spans(first: 999) {{ nodes {{ spanId {FIELDS} }} }} }} }}'
        nodes = client.post("/graphql", json={"query": query}).json()["data"]["trace"]["spans"]["nodes"]
        yield {node["spanId"]: node for node in nodes}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_framework_sends_fills_the_fields(stored: Mapping[str, Any], name: str) -> None:
    found, expected = stored[f"{NAMES.index(name) + 1:016x}"], SENT[name].expected
    assert {field: found[field] for field in expected} == expected
