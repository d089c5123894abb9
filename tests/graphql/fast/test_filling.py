"""Mutations understand attributes, events and resources as OTLP does; what the client states itself wins."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.http.clients import Client, client_of, make_app


class Asking:
    """Asks a server."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def data(self, query: str, variables: object = None) -> Any:
        """Return the data of an answer without errors."""
        answer = self._client.post("/graphql", json={"query": query, "variables": variables}).json()
        assert "errors" not in answer
        return answer["data"]


@pytest.fixture
def asking() -> Iterator[Asking]:
    with client_of(make_app()) as client:
        yield Asking(client)


STATING: dict[str, Any] = {
    "attributes": {
        "gen_ai.operation.name": "chat",
        "gen_ai.input.messages": [{"role": "user"}],
        "gen_ai.output.messages": '[{"role":"assistant"}]',
        "session.id": "s",
        "user.id": "u",
        "gen_ai.conversation.id": "t",
        "gen_ai.agent.name": "clerk",
        "mastra.tags": '["vip"]',
        "metadata": '{"plan":"gold"}',
        "level": "ERROR",
    },
    "resource": {"service.name": "pier", "deployment.environment.name": "prod"},
}
FIELDS = (
    "type input output sessionId userId threadId entityType entityName tags metadata status serviceName environment"
)
FILLED = {
    "type": "chat",
    "input": [{"role": "user"}],
    "output": [{"role": "assistant"}],
    "sessionId": "s",
    "userId": "u",
    "threadId": "t",
    "entityType": "agent",
    "entityName": "clerk",
    "tags": ["vip"],
    "metadata": {"plan": "gold"},
    "status": "ERROR",
    "serviceName": "pier",
    "environment": "prod",
}
OWN = {
    "type": "model_generation",
    "input": "own",
    "output": 5,
    "sessionId": "own",
    "userId": "own",
    "threadId": "own",
    "entityType": "tool",
    "entityName": "own",
    "tags": ["own"],
    "metadata": {"own": 1},
    "serviceName": "own",
    "environment": "own",
}
SPAN = {"traceId": "t", "spanId": "a", "name": "n", "startedAt": "2026-01-01T00:00:00Z"}


def create(asking: Asking, how: str, span: dict[str, Any]) -> None:
    if how == "one":
        asking.data("mutation ($span: CreateSpanInput!) { createSpan(span: $span) { createdCount } }", {"span": span})
    elif how == "many":
        query = "mutation ($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount } }"
        asking.data(query, {"spans": [span, {**SPAN, "spanId": "other"}]})
    else:
        query = "mutation ($one: CreateSpanInput!) { batchCreateSpans(spans: [$one]) { createdCount } }"
        asking.data(query, {"one": span})


def stored(asking: Asking) -> dict[str, Any]:
    found: dict[str, Any] = asking.data(f'{{ span(traceId: "t", spanId: "a") {{ {FIELDS} }} }}')["span"]
    return found


@pytest.mark.parametrize("how", ["one", "many", "in a list"])
def test_a_create_fills_what_it_leaves_out(asking: Asking, how: str) -> None:
    create(asking, how, {**SPAN, **STATING})
    assert stored(asking) == FILLED


@pytest.mark.parametrize("how", ["one", "many", "in a list"])
@pytest.mark.parametrize("name", OWN)
def test_what_a_create_states_itself_wins(asking: Asking, how: str, name: str) -> None:
    create(asking, how, {**SPAN, **STATING, name: OWN[name]})
    assert stored(asking) == {**FILLED, name: OWN[name]}


@pytest.mark.parametrize("is_batch", [True, False])
def test_an_update_fills_gaps_alone(asking: Asking, *, is_batch: bool) -> None:
    create(asking, "one", {**SPAN, "input": "own", "sessionId": "own"})
    update = {"traceId": "t", "spanId": "a", **STATING, "userId": "own"}
    if is_batch:
        query = "mutation ($updates: [UpdateSpanInput!]!) { batchUpdateSpans(updates: $updates) { updatedCount } }"
        asking.data(query, {"updates": [update]})
    else:
        asking.data(
            "mutation ($update: UpdateSpanInput!) { updateSpan(update: $update) { span { name } } }", {"update": update}
        )
    assert stored(asking) == {**FILLED, "input": "own", "sessionId": "own", "userId": "own"}


@pytest.mark.parametrize("value", [None, 5, "text", [1], [{"name": 5}], {}])
def test_attributes_and_events_of_any_shape_are_fine(asking: Asking, value: object) -> None:
    create(asking, "many", {**SPAN, "attributes": value, "events": value, "resource": value})
    assert stored(asking)["type"] == "generic"


def test_events_of_a_mutation_hold_contents_too(asking: Asking) -> None:
    create(asking, "one", {**SPAN, "events": [{"name": "gen_ai.user.message", "attributes": {"content": "hi"}}]})
    assert stored(asking)["input"] == [{"role": "user", "content": "hi"}]
