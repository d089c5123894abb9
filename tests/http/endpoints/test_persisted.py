"""Documents are named instead of sent: trusted ones by hash or id, and what a client sent before by its hash."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from spanwell.http.transport import persisted
from spanwell.http.transport.persisted import BadDocuments, PersistedDocuments, trusted_documents
from spanwell.http.transport.requests import Params
from tests.http.clients import COUNT, CREATE, GRAPHQL, Client, client_of, make_app
from tests.http.raw_sockets import INIT, Raw
from tests.running import serving, spanwell

NAMED = "query Named { spans { totalCount } }"
TYPE = "{ __typename }"


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def extensions(name: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": name}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "count.graphql").write_text(NAMED)
    (tmp_path / "relay.json").write_text(json.dumps({"m1": TYPE}))
    manifest = {"format": "apollo-persisted-query-manifest", "operations": [{"id": "o1", "body": COUNT, "name": "C"}]}
    (tmp_path / "apollo.json").write_text(json.dumps(manifest))
    (tmp_path / "README.md").write_text("no document")
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[Client]:
    with client_of(make_app(db=":memory:", trusted_documents=str(folder), trusted_only=True)) as client:
        yield client


@pytest.fixture
def plain() -> Iterator[Client]:
    with client_of(make_app(db=":memory:")) as client:
        yield client


def post(client: Client, **request: Any) -> tuple[int, Any]:
    answer = client.post("/graphql", json=request, headers={"accept": GRAPHQL})
    return answer.status_code, answer.json()


COUNTED = {"data": {"spans": {"totalCount": 0}}}
WAYS: list[dict[str, Any]] = [
    {"documentId": f"sha256:{digest(NAMED)}"},
    {"documentId": digest(NAMED)},
    {"documentId": "o1"},
    {"documentId": digest(COUNT)},
    {"extensions": extensions(digest(NAMED))},
    {"extensions": extensions(digest(NAMED)), "query": NAMED},
    {"query": NAMED, "operationName": "Named"},
]


@pytest.mark.parametrize("request_", WAYS)
def test_a_trusted_document_is_named_in_every_way_that_clients_have(client: Client, request_: dict[str, Any]) -> None:
    assert post(client, **request_) == (200, COUNTED)
    url = {name: value if isinstance(value, str) else json.dumps(value) for name, value in request_.items()}
    assert client.get("/graphql", params=url, headers={"accept": "text/html"}).json() == COUNTED


def test_nothing_but_trusted_documents_is_answered_where_that_was_said(client: Client) -> None:
    for query in (CREATE, f"{NAMED} ", "{ __schema { description } }"):
        status, answer = post(client, query=query)
        assert (status, answer["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
        assert "documentId" in answer["errors"][0]["message"]
        assert post(client, query=query, extensions=extensions(digest(query)))[0] == 403
        assert post(client, extensions=extensions(digest(query)))[0] == 404
    assert [client.get(path).status_code for path in ("/", "/playground", "/healthz")] == [404, 404, 200]


def test_other_documents_are_answered_beside_trusted_ones_by_default(folder: Path) -> None:
    with client_of(make_app(db=":memory:", trusted_documents=str(folder))) as client:
        assert post(client, query=f"{COUNT} ") == post(client, documentId="o1") == (200, COUNTED)


def test_what_a_client_sent_once_is_known_by_its_hash(plain: Client) -> None:
    by_hash = {"extensions": extensions(digest(COUNT))}
    status, answer = post(plain, **by_hash)
    assert (status, answer["errors"][0]["message"]) == (404, "PersistedQueryNotFound")
    assert post(plain, query=COUNT, **by_hash) == post(plain, **by_hash) == (200, COUNTED)


@pytest.mark.parametrize(
    ("request_", "status", "said"),
    [
        ({}, 400, "neither a `query` nor a `documentId`"),
        ({"extensions": {}}, 400, "a `query` nor"),
        ({"query": COUNT, "documentId": "a"}, 400, "not both"),
        ({"query": COUNT, "extensions": extensions("0" * 64)}, 400, "does not match the `query`"),
        ({"query": COUNT, "extensions": {"persistedQuery": {"sha256Hash": 1}}}, 400, "does not match the `query`"),
        ({"extensions": {"persistedQuery": {}}}, 404, "PersistedQueryNotFound"),
        ({"extensions": {"persistedQuery": 1}}, 400, "a `query` nor"),
        ({"documentId": "sha256:nope"}, 404, "PersistedQueryNotFound"),
        ({"documentId": 1}, 400, "documentId"),
    ],
)
def test_what_names_nothing_is_said(plain: Client, request_: dict[str, Any], status: int, said: str) -> None:
    answered, answer = post(plain, **request_)
    assert answered == status
    assert said in answer["errors"][0]["message"]


def test_no_more_is_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persisted, "_ROOM", 100)
    some = PersistedDocuments()
    texts = [f"{{ a{number} }}".ljust(40) for number in range(3)]
    for text in (texts[0], *texts):
        some.request_of(Params(text, extensions=extensions(digest(text))))
    assert [*some._sent] == [digest(text) for text in texts[1:]]
    assert some._room == 20


@pytest.mark.parametrize(("name", "text"), [("a.json", "{"), ("a.json", "[]"), ("a.json", '{"a": 1}'), ("a.txt", "")])
def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadDocuments, match=str(tmp_path)):
        trusted_documents(tmp_path)


def test_the_server_does_not_start_without_what_it_trusts(tmp_path: Path) -> None:
    for flags in (("--trusted-documents", str(tmp_path / "nowhere")), ("--trusted-only",)):
        refused = spanwell("serve", "--db", ":memory:", "--port", "0", *flags)
        assert refused.returncode == 2
        assert "trusted" in refused.stderr


def test_a_websocket_names_documents_as_well(folder: Path) -> None:
    with serving("--db", ":memory:", "--trusted-documents", str(folder), "--trusted-only") as server:
        assert not [line for line in server.greeting if "dashboard" in line or "playground" in line]
        raw = Raw(server.url)
        raw.send(INIT, json.dumps({"type": "subscribe", "id": "1", "payload": {"documentId": "o1"}}))
        assert b"ack" in raw.hear()[1]
        assert json.loads(raw.hear()[1])["payload"] == COUNTED
        raw.end()
