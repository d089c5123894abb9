"""A server that traces itself: what it says of a request, where that goes, and that it has no more to say of that."""

import asyncio
import json
import socket
import sys
import time
import urllib.request
from collections.abc import Callable, Generator
from typing import Any, NoReturn, TypeVar

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.responses import Response

from spanwell.commands import CommandFailed
from spanwell.commands.serve_command import _tracing
from spanwell.observability.model.errors import StorageUnavailable
from spanwell.settings import Settings
from spanwell.storage import open_storage
from spanwell.tracing.requests import TracedRequests
from spanwell.tracing.sending import IntoStore
from tests.running import Running, serving

T = TypeVar("T")

SOON = {"OTEL_BSP_SCHEDULE_DELAY": "50", "OTEL_SERVICE_NAME": "watcher"}
TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
OWN = """{ spans(first: 1000, filter: {serviceName: {eq: "watcher"}}) {
    nodes { traceId spanId parentSpanId name kind attributes }
} }"""
CREATE = """mutation {
    createSpan(span: {traceId: "t", spanId: "s", name: "secret", startedAt: "2026-01-01T00:00:00Z"}) { span { spanId } }
}"""


def _until(find: Callable[[], T]) -> T:
    deadline = time.monotonic() + 60
    while not (found := find()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _create(server: Running) -> None:
    headers = {"content-type": "application/json", "traceparent": f"00-{TRACE}-{CALLER}-01"}
    body = json.dumps({"query": CREATE}).encode()
    request = urllib.request.Request(f"{server.url}/graphql", body, headers)  # noqa: S310 - http to ourselves
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
        assert "errors" not in json.load(answer)


def _own(server: Running) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.ask(OWN)["data"]["spans"]["nodes"]
    return found


def _with(spans: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return spans if any(span["name"] == name for span in spans) else []


@pytest.fixture(scope="module")
def spans() -> Generator[list[dict[str, Any]]]:
    """Return what a server says of itself, which was asked for a mutation, queries, its pages and its health."""
    with serving("--db", ":memory:", "--trace-to", "self", **SOON) as server:
        _create(server)
        for path in ("/healthz", "/readyz", "/metrics", "/"):
            urllib.request.urlopen(server.url + path, timeout=30).close()  # noqa: S310 - http to ourselves
        yield _until(lambda: _with(_own(server), "query spans"))


def _of_trace(spans: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (found,) = (span for span in spans if span["name"] == name and span["traceId"] == TRACE)
    return found


def test_a_request_continues_the_trace_of_its_caller(spans: list[dict[str, Any]]) -> None:
    request = _of_trace(spans, "POST /graphql")
    assert (request["parentSpanId"], request["kind"]) == (CALLER, "SERVER")
    assert request["attributes"]["http.response.status_code"] == 200


def test_below_a_request_are_its_operation_and_the_commit_that_it_waited_for(spans: list[dict[str, Any]]) -> None:
    operation, commit = _of_trace(spans, "mutation createSpan"), _of_trace(spans, "commit")
    assert operation["parentSpanId"] == _of_trace(spans, "POST /graphql")["spanId"]
    assert commit["parentSpanId"] == operation["spanId"]
    assert commit["attributes"]["spanwell.records"] == 1


def test_statements_are_told_without_the_values_that_are_asked_for(spans: list[dict[str, Any]]) -> None:
    (operation, *_) = (span for span in spans if span["name"] == "query spans")
    (statement, *_) = (span for span in spans if span["parentSpanId"] == operation["spanId"])
    assert "FROM spans" in statement["attributes"]["db.query.text"]
    assert "secret" not in json.dumps(spans)
    assert "watcher" not in json.dumps([span["attributes"] for span in spans])


def test_pages_and_probes_are_not_traced(spans: list[dict[str, Any]]) -> None:
    assert {span["name"] for span in spans} == {
        *("POST /graphql", "mutation createSpan", "query spans", "SELECT", "commit")
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def test_a_server_that_sends_its_spans_to_its_own_address_has_no_more_to_send_for_that() -> None:
    port = _free_port()
    to = f"http://127.0.0.1:{port}/v1/traces"
    with serving("--db", ":memory:", "--port", str(port), "--trace-to", to, **SOON) as server:
        server.ask("{ __typename }")
        _until(lambda: _own(server))
        time.sleep(0.5)  # in which a loop would go round ten times
        names = {span["name"] for span in _own(server)}
    assert names <= {"POST /graphql", "query __typename", "query spans", "SELECT"}


def test_a_receiver_that_does_not_answer_keeps_no_server_from_its_end() -> None:
    with serving("--db", ":memory:", "--trace-to", f"http://127.0.0.1:{_free_port()}/v1/traces") as server:
        server.ask("{ __typename }")
        assert server.stop()[0] == 0


def test_without_its_packages_a_server_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spanwell.tracing.sending", None)
    with pytest.raises(CommandFailed, match=r"pip install 'spanwell\[tracing\]'"):
        _tracing(Settings(trace_to="self"), open_storage(":memory:"))


SCOPE = {"type": "http", "method": "POST", "path": "/graphql", "headers": []}


async def _nothing() -> Any:
    return {"type": "http.request"}


async def _sent(_: Any) -> None:
    """Take what is sent."""


async def _spans_of(answer: Response) -> tuple[ReadableSpan, ...]:
    """Return the spans of a request that is answered in some way."""
    provider, memory = TracerProvider(shutdown_on_exit=False), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(memory))
    await TracedRequests(answer, provider.get_tracer("test"), ("/graphql",))(dict(SCOPE), _nothing, _sent)
    return memory.get_finished_spans()


def test_a_request_that_was_answered_with_a_failure_of_the_server_is_an_error() -> None:
    (request,) = asyncio.run(_spans_of(Response("", 503)))
    assert not request.status.is_ok


async def _fail(_: object) -> NoReturn:
    raise StorageUnavailable("The disk is full.")


async def _exported() -> tuple[IntoStore, SpanExportResult]:
    exporter = IntoStore(_fail, asyncio.get_running_loop())
    return exporter, await asyncio.to_thread(exporter.export, await _spans_of(Response("")))


def test_spans_that_cannot_be_stored_are_given_up_also_when_the_server_has_ended() -> None:
    exporter, failed = asyncio.run(_exported())
    assert failed is exporter.export(()) is SpanExportResult.FAILURE
