"""An answer says what it cost, to those who ask: what was estimated, and what was read of the store."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from spanwell.app import create_app
from spanwell.settings import Settings
from spanwell.storage import open_storage
from tests.http.clients import CREATE, Client, client_of

PAGE = "query($n: Int) { traces(first: $n) { nodes { traceId spans(first: 5) { nodes { name } } } } }"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    storage = open_storage(":memory:")
    asyncio.run(storage.init())
    with client_of(create_app(Settings(), storage)) as client:
        client.post("/graphql", json={"query": CREATE})
        yield client
    asyncio.run(storage.close())


def cost(client: Client, query: str, **variables: Any) -> Any:
    asked = {"query": query, "variables": variables, "extensions": {"cost": True}}
    return client.post("/graphql", json=asked).json()["extensions"]["cost"]


def test_the_estimate_is_of_the_pages_and_the_reading_of_what_was_there(client: Client) -> None:
    found = cost(client, PAGE, n=10)
    assert found["estimated"]["records"] == 60
    assert found["estimated"]["values"] > 0
    assert found["read"]["statements"] >= 2  # the traces, and their spans
    assert found["read"]["rows"] >= 2
    assert found["read"]["milliseconds"] > 0
    assert cost(client, PAGE, n=1000)["estimated"]["records"] == 6000


def test_what_reads_nothing_of_the_store_costs_nothing(client: Client) -> None:
    read = {"statements": 0, "rows": 0, "milliseconds": 0}
    assert cost(client, "{ tracingStrategy { preferred } }") == {"estimated": {"records": 0, "values": 0}, "read": read}


def test_it_is_asked_for_in_an_address_too_and_told_to_nobody_else(client: Client) -> None:
    asked = {"query": "{ __typename }", "extensions": json.dumps({"cost": True})}
    assert "cost" in client.get("/graphql", params=asked).json()["extensions"]
    for extensions in (None, {}, {"cost": False}, {"cost": 1}):
        answer = client.post("/graphql", json={"query": "{ __typename }", "extensions": extensions})
        assert answer.json() == {"data": {"__typename": "Query"}}
