"""What Prometheus reads says what the server did, and what its store holds."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from spanwell.app import create_app
from spanwell.observability.model.errors import StorageUnavailable
from spanwell.settings import Settings
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.reference.storage import MemoryStorage
from tests.http.clients import COUNT, CREATE, Client, client_of, make_app

ROOT = Path(__file__).parents[3]


def figures(client: Client) -> dict[str, float]:
    """Return every sample by its name and labels."""
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    families = text_string_to_metric_families(response.text)
    return {
        sample.name + "".join(f" {sample.labels[label]}" for label in sorted(sample.labels)): sample.value
        for family in families
        for sample in family.samples
    }


def test_requests_and_operations_are_counted_by_what_they_were() -> None:
    with client_of(make_app()) as client:
        client.post("/graphql", json={"query": CREATE})
        client.post("/graphql", json={"query": COUNT})
        client.post("/graphql", json={"query": "query Any { ...F } fragment F on Query { spans { totalCount } }"})
        client.post("/graphql", json={"query": '{ spans(filter: {name: {regex: "("}}) { totalCount } }'})
        client.get("/nowhere")
        found = figures(client)
    assert found["spanwell_http_requests_total POST /graphql 200"] == 4
    assert found["spanwell_http_requests_total GET other 404"] == 1
    assert found["spanwell_http_request_seconds_count /graphql"] == 4
    assert found["spanwell_graphql_operations_total createSpan done"] == 1
    assert found["spanwell_graphql_operations_total fragment done"] == 1
    assert found["spanwell_graphql_operations_total spans done"] == 1
    assert found["spanwell_graphql_operations_total spans failed"] == 1
    assert found["spanwell_graphql_operation_seconds_count spans"] == 2
    assert found["spanwell_graphql_errors_total BAD_USER_INPUT"] == 1
    assert (found["spanwell_commits_total"], found["spanwell_spans"], found["spanwell_traces"]) == (1, 1, 1)
    assert (found["spanwell_ready"], found["spanwell_followers"], found["spanwell_http_requests_in_flight"]) == (
        1,
        0,
        1,
    )


def test_a_request_that_is_refused_as_a_whole_is_counted_by_its_code() -> None:
    with client_of(make_app(query_timeout=0.001)) as client:
        client.post("/graphql", json={"query": "query ($n: Int!) { spans(first: $n) { totalCount } }", "variables": {}})
        assert figures(client)["spanwell_graphql_errors_total BAD_USER_INPUT"] == 1


def test_a_store_that_does_not_answer_leaves_the_other_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise StorageUnavailable("It failed.")

    monkeypatch.setattr(MemoryStorage, "check_ready", fail)
    with client_of(make_app()) as client:
        found = figures(client)
    assert found["spanwell_ready"] == 0
    assert "spanwell_spans" not in found
    assert found["spanwell_commits_total"] == 0


def test_a_store_in_a_file_tells_its_sizes_and_a_dashboard_asks_for_what_there_is(tmp_path: Path) -> None:
    storage = DuckDBStorage(str(tmp_path / "spans.duckdb"))
    with asyncio.Runner() as runner:
        runner.run(storage.init())
        with client_of(create_app(Settings(), storage)) as client:
            client.post("/graphql", json={"query": CREATE})
            found = figures(client)
        runner.run(storage.close())
    assert found["spanwell_storage_bytes files"] >= found["spanwell_storage_bytes used"] > 0
    assert found["spanwell_storage_bytes free"] > 0
    assert (found["spanwell_reopened_total"], found["spanwell_writes_waiting"]) == (0, 0)
    dashboard = (ROOT / "docs" / "grafana.json").read_text(encoding="utf-8")
    expressions = [target["expr"] for panel in json.loads(dashboard)["panels"] for target in panel["targets"]]
    asked = {name for text in expressions for name in re.findall(r"\b(?:spanwell|process|python)_\w+", text)}
    known = {name.partition(" ")[0] for name in found} | {f"spanwell_{name}" for name in ("graphql_errors_total",)}
    assert asked <= known
    assert len(asked) > 12
