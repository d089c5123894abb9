"""What those without the right token may try: they learn nothing, change nothing, and what was open is closed."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from spanwell.access.tokens import Tokens
from spanwell.observability.access import Scope
from tests.attack.attacked import Attacked, attacked, codes_of
from tests.http.clients import COUNT, CREATE, JSON
from tests.http.raw_sockets import Raw, ask

FOLLOW = "subscription { spans { cursor } }"


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(tmp_path_factory.mktemp("tokens") / "tokens")


@pytest.fixture(scope="module")
def reader(tokens: Tokens) -> str:
    return tokens.create((Scope.READ,))


@pytest.fixture(scope="module")
def running(tokens: Tokens, reader: str) -> Iterator[tuple[Attacked, httpx.Client]]:
    assert reader
    with attacked(tokens=str(tokens._path), introspection=False, playground=False) as running:
        yield running


def init(**payload: Any) -> str:
    return json.dumps({"type": "connection_init", "payload": payload})


def first_answer(raw: Raw) -> Any:
    """Return the first message, or the code with which the connection is closed instead."""
    kind, payload = raw.hear()
    return int.from_bytes(payload[:2]) if kind == 8 else json.loads(payload)["type"]


WRONG = ["x", "spanwell_00000000_" + "x" * 43, "spanwell_", "é", "x" * 10_000]


@pytest.mark.parametrize("token", WRONG, ids=lambda token: f"{token[:20]!r}")
def test_a_wrong_token_is_answered_like_none(running: tuple[Attacked, httpx.Client], token: str) -> None:
    server, client = running
    sent = httpx.Headers([*JSON.items(), ("authorization", f"Bearer {token}")], encoding="latin-1")
    with server.unharmed():
        answers = [
            client.post("/graphql", json={"query": CREATE}, headers=sent),
            client.post("/graphql", json={"query": CREATE}),
            client.get("/graphql", params={"query": COUNT, "token": token, "access_token": token}),
            client.get("/metrics", headers=sent),
        ]
    for answer in answers:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert codes_of(answer) == {"UNAUTHENTICATED"}
    assert len({answer.content for answer in answers}) == 1


def test_an_expired_token_is_one_no_longer(running: tuple[Attacked, httpx.Client], tokens: Tokens) -> None:
    sent = {"authorization": f"Bearer {tokens.create((Scope.READ,), seconds=0)}"}
    assert running[1].post("/graphql", json={"query": COUNT}, headers=sent).status_code == 401


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"authorization": "Bearer TOKEN"}, "connection_ack"),
        ({"Authorization": "TOKEN"}, "connection_ack"),
        ({"token": "TOKEN"}, "connection_ack"),
        ({"headers": {"authorization": "Bearer TOKEN"}}, "connection_ack"),
        ({}, 4401),
        ({"headers": "Bearer TOKEN"}, 4401),
        ({"authorization": 1}, 4401),
        ({"authorization": "Bearer x"}, 4403),
        ({"authorization": ""}, 4403),
        ({"headers": {"token": "spanwell_00000000_x"}}, 4403),
    ],
)
def test_a_websocket_begins_with_a_token_or_ends(
    running: tuple[Attacked, httpx.Client], reader: str, payload: dict[str, Any], expected: object
) -> None:
    server, _ = running
    with server.unharmed():
        raw = Raw(server.url)
        raw.send(json.dumps({"type": "connection_init", "payload": payload}).replace("TOKEN", reader))
        assert first_answer(raw) == expected
        raw.end()


def test_a_websocket_whose_request_shows_a_token_needs_no_other(
    running: tuple[Attacked, httpx.Client], reader: str
) -> None:
    raw = Raw(running[0].url, f"Authorization: Bearer {reader}")
    raw.send(init(), ask(CREATE))
    assert first_answer(raw) == "connection_ack"
    message = json.loads(raw.hear()[1])
    assert message["payload"]["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    raw.end()


@pytest.mark.parametrize("shown", ["in its request", "in its first message"])
def test_a_websocket_is_closed_when_its_token_is_revoked(
    running: tuple[Attacked, httpx.Client], tokens: Tokens, shown: str
) -> None:
    token = tokens.create((Scope.READ,))
    header = [f"Authorization: Bearer {token}"] if shown == "in its request" else []
    raw = Raw(running[0].url, *header)
    raw.send(init(token=token), ask(FOLLOW))
    assert first_answer(raw) == "connection_ack"
    tokens.revoke(token.split("_")[1])
    assert raw.closed() == (4403, "Forbidden")
    raw.end()


def test_a_stream_of_events_ends_when_its_token_is_revoked(
    running: tuple[Attacked, httpx.Client], tokens: Tokens
) -> None:
    token = tokens.create((Scope.READ,))
    sent = {"accept": "text/event-stream", "authorization": f"Bearer {token}"}
    with running[1].stream("POST", "/graphql", json={"query": FOLLOW}, headers=sent) as stream:
        assert stream.status_code == 200
        tokens.revoke(token.split("_")[1])
        assert b"event: next" not in b"".join(stream.iter_bytes())


def test_a_websocket_asks_no_more_often_than_its_token_may(tokens: Tokens) -> None:
    one, other = (tokens.create((Scope.READ,)) for _ in range(2))
    with attacked(tokens=str(tokens._path), rate_limit=0.1) as (server, _):
        for token in (one, other):
            raw = Raw(server.url)
            raw.send(init(token=token), ask("{ __typename }", "1"), ask("{ __typename }", "2"))
            assert first_answer(raw) == "connection_ack"
            said = [json.loads(raw.hear()[1]) for _ in range(3)]
            raw.end()
            (refused,) = [message for message in said if message["type"] == "error"]
            assert refused["payload"][0]["extensions"]["code"] == "OVERLOADED"


def test_a_server_in_production_tells_nothing_of_its_schema(
    running: tuple[Attacked, httpx.Client], reader: str
) -> None:
    """B15, B16, B17: there is no introspection, no suggestion and no playground."""
    sent = {"authorization": f"Bearer {reader}"}
    for query in (
        "{ __schema { description } }",
        '{ __type(name: "Span") { name } }',
        "{ tracez { totalCount } }",
        "{ traces(frst: 1) { totalCount } }",
        "{ traces(filter: {nam: 1}) { totalCount } }",
        "{ traces(orderBy: [{field: NAMEE}]) { totalCount } }",
    ):
        answer = running[1].post("/graphql", json={"query": query}, headers=sent)
        assert codes_of(answer) == {"GRAPHQL_VALIDATION_FAILED"}
        assert "Did you mean" not in answer.text
    assert running[1].get("/playground", headers=sent).status_code == 404
