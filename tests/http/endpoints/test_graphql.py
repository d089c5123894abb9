"""GraphQL over HTTP: what is answered, in which type, with which status."""

import asyncio
from collections.abc import Iterator
from time import process_time
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.failures import Code
from spanwell.http.endpoints.graphql import GraphQLEndpoint
from spanwell.http.streams.channels import Streams
from spanwell.http.transport.responses import http_failure, status_of
from spanwell.observability.model.errors import InvalidInput, Overloaded
from spanwell.storage.reference.storage import MemoryStorage
from tests.graphql.documents import HOSTILE, INTROSPECTION, TOY
from tests.http.clients import COUNT, CREATE, GRAPHQL, Client, check_refusal, client_of, count_spans, make_app
from tests.timing import takes_at_most

REQUEST_CODES = ("GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "QUERY_TOO_COMPLEX", "BAD_USER_INPUT")


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with client_of(make_app()) as client:
        yield client


def post(client: Client, query: str, accept: str = GRAPHQL, **parts: Any) -> Any:
    return client.post("/graphql", json={"query": query, **parts}, headers={"accept": accept})


@pytest.mark.parametrize("accept", ["*/*", GRAPHQL])
@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_documents_are_refused(client: Client, query: str, accept: str) -> None:
    """The documents were made for another schema; here, too, nothing in them may be executed."""
    with takes_at_most(3, process_time):
        response = post(client, query, accept)
    assert response.status_code == 400
    check_refusal(response, *REQUEST_CODES)
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("name", "query", "parts", "code"),
    [
        ("B15", "{ __schema { queryType { name } } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("B16", '{ __type(name: "Span") { name } }', {}, "GRAPHQL_VALIDATION_FAILED"),
        ("B17 field", "{ tracez { totalCount } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("B17 argument", "{ traces(frist: 1) { totalCount } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        (
            "B17 input",
            "mutation ($s: CreateSpanInput!) { createSpan(span: $s) { span { name } } }",
            {"variables": {"s": {"nmae": 1}}},
            "BAD_USER_INPUT",
        ),
        ("B21", "query A { spans { totalCount } }", {"operationName": "B"}, "BAD_USER_INPUT"),
        (
            "B23",
            "query ($n: Int) { traces(first: 1000) { nodes { spans(first: $n) { totalCount } } } }",
            {"variables": {"n": 1000}},
            "QUERY_TOO_COMPLEX",
        ),
    ],
)
def test_what_production_hides_is_refused(name: str, query: str, parts: dict[str, Any], code: str) -> None:
    with client_of(make_app(introspection=False)) as client:
        response = post(client, query, **parts)
        assert response.status_code == 400, name
        check_refusal(response, code)
        assert "Did you mean" not in response.text


def test_the_question_that_the_playground_asks_first_is_answered(client: Client) -> None:
    assert post(client, INTROSPECTION).json()["data"]["__schema"]["queryType"]["name"] == "Query"


def test_queries_are_answered_by_get_and_mutations_by_post(client: Client) -> None:
    before = count_spans(client)
    got = client.get("/graphql", params={"query": "query A { spans { totalCount } }", "operationName": "A"})
    assert got.json() == {"data": {"spans": {"totalCount": before}}}
    assert post(client, CREATE).json() == {"data": {"createSpan": {"span": {"name": "n"}}}}
    assert count_spans(client) == 1


def test_variables_reach_the_query_by_get_too(client: Client) -> None:
    query = "query ($t: ID!) { trace(traceId: $t) { traceId } }"
    got = client.get("/graphql", params={"query": query, "variables": '{"t": "none"}'})
    assert got.json() == {"data": {"trace": None}}


def test_only_the_named_operation_of_a_get_must_be_a_query(client: Client) -> None:
    document = "query A { spans { totalCount } } " + CREATE.replace("mutation", "mutation B")
    assert client.get("/graphql", params={"query": document, "operationName": "A"}).status_code == 200
    assert client.get("/graphql", params={"query": document, "operationName": "B"}).status_code == 405


def test_a_subscription_as_json_is_refused_by_either_method() -> None:
    endpoint = GraphQLEndpoint(Execution(TOY), lambda _: object(), max_body_bytes=1_000, streams=Streams(1))
    app = Starlette(
        routes=[Route("/graphql", endpoint.handle, methods=["GET", "POST"])],
        exception_handlers={HTTPException: http_failure},
    )
    with client_of(app) as client:
        posted = post(client, "subscription { changes }")
        got = client.get("/graphql", params={"query": "subscription { changes }"})
    assert (posted.status_code, got.status_code) == (400, 400)
    assert posted.json()["errors"][0]["message"] == (
        "Subscriptions are not available as JSON: use server-sent events (`accept: text/event-stream`) or a "
        "WebSocket with the graphql-transport-ws protocol."
    )
    check_refusal(posted, "BAD_USER_INPUT")
    check_refusal(got, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        ("text/html", "application/json; charset=utf-8"),
        (GRAPHQL, GRAPHQL),
        (f"application/json;q=0.9, {GRAPHQL.upper()}; q=1.0", GRAPHQL),
        (f"{GRAPHQL};q=0, application/json", "application/json; charset=utf-8"),
        (f"{GRAPHQL};q=0.5", GRAPHQL),
    ],
)
def test_the_type_of_the_answer_is_the_one_asked_for(client: Client, accept: str, media_type: str) -> None:
    response = post(client, COUNT, accept)
    assert response.headers["content-type"] == media_type
    assert response.headers["cache-control"] == "no-store"


def test_browsers_that_ask_nothing_are_sent_to_the_playground(client: Client) -> None:
    response = client.get("/graphql", headers={"accept": "text/html,*/*"})
    assert response.is_redirect
    assert response.headers["location"] == "playground"
    assert client.get("/graphql", params={"query": COUNT}, headers={"accept": "text/html"}).status_code == 200
    with client_of(make_app(playground=False)) as bare:
        assert bare.get("/graphql", headers={"accept": "text/html"}).status_code == 400


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Overloaded("Too much is waiting."), 503, "OVERLOADED"),
        (InvalidInput("is odd", "filter"), 200, "BAD_USER_INPUT"),
        (RuntimeError("SELECT secret FROM /srv/spans"), 200, "INTERNAL"),
    ],
)
def test_what_fails_in_execution_is_an_answer_unless_a_retry_would_help(
    monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    async def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(MemoryStorage, "count_spans", fail)
    with client_of(make_app()) as client:
        response = post(client, COUNT)
    assert response.status_code == status
    assert response.json()["data"] is None
    check_refusal(response, code)
    assert response.headers.get("retry-after") == ("1" if status == 503 else None)


def test_a_request_that_takes_too_long_answers_504(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: object) -> int:
        await asyncio.sleep(9)
        return 0

    monkeypatch.setattr(MemoryStorage, "count_spans", hang)
    with client_of(make_app(query_timeout=0.05)) as client:
        response = post(client, COUNT)
    assert response.status_code == 504
    check_refusal(response, "TIMEOUT")


def test_no_refusal_looks_like_a_success() -> None:
    assert all(status_of(code) >= 400 for code in Code)


def test_a_failure_of_our_own_outside_execution_is_a_plain_500(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError("/srv/secret")

    monkeypatch.setattr(Execution, "prepare", explode)
    with client_of(make_app()) as client:
        response = post(client, COUNT)
    assert response.status_code == 500
    check_refusal(response, "INTERNAL")
