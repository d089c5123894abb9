"""Every door asks who comes in, and the service what they may do."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from spanwell.access.one_time import OneTimeCode
from spanwell.access.tokens import Tokens
from spanwell.app import create_app
from spanwell.observability.access import Scope
from spanwell.settings import Settings
from spanwell.storage.reference.storage import MemoryStorage
from tests.http.clients import COUNT, CREATE, GRAPHQL, JSON, Client, client_of, count_spans, make_app
from tests.running import serving, spanwell

SPAN = {"traceId": "0" * 31 + "1", "spanId": "0" * 15 + "1"}
EXPORT = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [SPAN]}]}]}).encode()
UPDATE = 'mutation { batchUpdateSpans(updates: [{traceId: "t", spanId: "s", name: "m"}]) { updatedCount } }'
DELETE = 'mutation { batchDeleteTraces(traceIds: ["t"]) { deletedTraceCount } }'
MATCHING = 'mutation { deleteTraces(filter: {name: {eq: "n"}}, dryRun: true) { matchedTraceCount } }'
CLEAR = "mutation { dangerouslyClearAll { deletedTraceCount } }"
INGEST = CREATE.replace("{ span { name } }", "{ __typename }")
NEEDS = {
    "read": [COUNT, "{ changes { cursor } }"],
    "ingest": [INGEST],
    "write": [UPDATE, INGEST],
    "delete": [DELETE, MATCHING],
    "admin": [CLEAR, MATCHING, DELETE, UPDATE, INGEST, COUNT, "{ changes { cursor } }"],
}
FREE = ["{ __typename }", "{ tracingStrategy { preferred } }"]


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "tokens")


@pytest.fixture
def client(tokens: Tokens, tmp_path: Path) -> Iterator[Client]:
    tokens.create((Scope.READ,))
    with client_of(make_app(tokens=str(tmp_path / "tokens"))) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}", "accept": GRAPHQL}


def sign_in(client: Client, token: str, **headers: str) -> Any:
    form = {"content-type": "application/x-www-form-urlencoded"}
    return client.post("/sign-in", content=f"token={token}".encode(), headers={**form, **headers})


def ask(client: Client, query: str, token: str) -> Any:
    return client.post("/graphql", json={"query": query}, headers=bearer(token))


@pytest.mark.parametrize("scope", Scope)
def test_a_token_may_do_what_its_scopes_say_and_no_more(client: Client, tokens: Tokens, scope: Scope) -> None:
    token = tokens.create((scope,))
    for query in FREE + NEEDS[scope]:
        assert "errors" not in ask(client, query, token).json(), query
    for query in {query for queries in NEEDS.values() for query in queries} - {*NEEDS[scope]}:
        refused = ask(client, query, token)
        assert refused.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN", query


def test_what_may_not_be_read_is_not_written_either(client: Client, tokens: Tokens) -> None:
    token, reader = tokens.create((Scope.WRITE,)), tokens.create((Scope.READ,))
    assert ask(client, CREATE, token).json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert ask(client, COUNT, reader).json()["data"]["spans"]["totalCount"] == 0


@pytest.mark.parametrize("token", ["", "x", "spanwell_00000000_" + "x" * 43])
def test_who_shows_no_token_learns_nothing_more_than_that(client: Client, token: str) -> None:
    answers = [
        ask(client, COUNT, token),
        client.get("/graphql", params={"query": COUNT, "token": token}),
        client.post("/v1/traces", content=EXPORT, headers={**JSON, **bearer(token)}),
    ]
    for answer in answers:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    assert len({answer.content for answer in answers[:2]}) == 1
    assert answers[2].json()["code"] == 16


def test_exports_need_the_scope_ingest(client: Client, tokens: Tokens) -> None:
    for scope, status in (Scope.INGEST, 200), (Scope.WRITE, 200), (Scope.READ, 403):
        sent = client.post("/v1/traces", content=EXPORT, headers={**JSON, **bearer(tokens.create((scope,)))})
        assert sent.status_code == status


LOGS = json.dumps(
    {
        "resourceLogs": [
            {
                "scopeLogs": [
                    {
                        "logRecords": [
                            {
                                **SPAN,
                                "eventName": "gen_ai.user.message",
                                "body": {"stringValue": '{"content": "hi"}'},
                            },
                            {
                                **SPAN,
                                "eventName": "gen_ai.evaluation.result",
                                "attributes": [
                                    {"key": "gen_ai.evaluation.name", "value": {"stringValue": "tone"}},
                                    {"key": "gen_ai.evaluation.score.value", "value": {"doubleValue": 0.5}},
                                ],
                            },
                        ]
                    }
                ]
            }
        ]
    }
).encode()


@pytest.mark.parametrize("organization", [None, "acme"])
@pytest.mark.parametrize("is_first", [True, False])
def test_log_records_fill_spans_for_whoever_may_export_them(
    client: Client, tokens: Tokens, organization: str | None, *, is_first: bool
) -> None:
    exporter = {**JSON, **bearer(tokens.create((Scope.INGEST,), organization=organization))}
    sent = [("/v1/traces", EXPORT), ("/v1/logs", LOGS)]
    for path, body in reversed(sent) if is_first else sent:
        assert client.post(path, content=body, headers=exporter).status_code == 200
    query = "{ spans { nodes { input organizationId scores { nodes { name } } } } }"
    found = ask(client, query, tokens.create((Scope.READ,), organization=organization)).json()
    span = {"input": [{"role": "user", "content": "hi"}], "organizationId": organization}
    assert found["data"]["spans"]["nodes"] == [{**span, "scores": {"nodes": [{"name": "tone"}]}}]


def test_a_browser_signs_in_once_and_only_from_its_own_page(client: Client, tokens: Tokens) -> None:
    token = tokens.create((Scope.READ,))
    assert client.get("/").headers["location"] == "/sign-in"
    assert 'type="password"' in client.get("/sign-in").text
    assert sign_in(client, "x").status_code == 401
    foreign = {"origin": "https://evil.example"}
    assert sign_in(client, token, **foreign).status_code == 403
    signed = sign_in(client, token, origin="http://localhost")
    assert signed.status_code == 303
    assert {"HttpOnly", "SameSite=strict"} <= {part.strip() for part in signed.headers["set-cookie"].split(";")}
    assert client.get("/").status_code == 200
    assert count_spans(client) == 0
    assert client.post("/graphql", json={"query": COUNT}, headers=foreign).status_code == 401
    assert client.get("/graphql", params={"query": COUNT}).status_code == 200


def test_the_link_that_a_server_prints_signs_in_once_and_in_time(
    client: Client, tokens: Tokens, tmp_path: Path
) -> None:
    now = 0.0
    once, late = OneTimeCode(lambda: now), OneTimeCode(lambda: now)
    settings = Settings(tokens=str(tmp_path / "tokens"))

    def take(code: str, expected: OneTimeCode) -> Any:
        with client_of(create_app(settings, MemoryStorage(), once=expected)) as other:
            assert f'value="{code}"' in other.get(f"/sign-in?once={code}").text
            form = {"content-type": "application/x-www-form-urlencoded"}
            return other.post("/sign-in", content=f"once={code}".encode(), headers=form)

    assert take("wrong", once).status_code == 401
    signed = take(once.text, once)
    assert signed.status_code == 303
    token = signed.cookies["spanwell_token"]
    assert "errors" not in ask(client, COUNT, token).json()
    assert ask(client, CLEAR, token).json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert tokens.all()[-1].expires
    assert take(once.text, once).status_code == 401
    now = 601.0
    assert take(late.text, late).status_code == 401


def test_a_code_is_no_way_in_where_there_is_none(client: Client) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in", content=b"once=", headers=form).status_code == 401
    assert client.post("/sign-in", content=b"once=x", headers=form).status_code == 401
    assert '"&gt;' in client.get('/sign-in?once=">').text.replace("&quot;", '"')


def test_the_figures_of_a_server_are_for_those_alone_who_read_all_rows(client: Client, tokens: Tokens) -> None:
    for scopes, organization, status in (
        ((Scope.READ,), None, 200),
        ((Scope.READ,), "acme", 403),
        ((Scope.INGEST,), None, 403),
    ):
        token = tokens.create(scopes, organization)
        assert client.get("/metrics", headers=bearer(token)).status_code == status
    assert client.get("/metrics").status_code == 401
    for path in ("/healthz", "/readyz"):
        assert client.get(path).json() == {"status": "ok"}


def test_the_cookie_of_a_page_over_https_is_sent_over_nothing_else(tokens: Tokens, tmp_path: Path) -> None:
    token = tokens.create((Scope.READ,))
    with client_of(make_app(tokens=str(tmp_path / "tokens"), trusted_proxies=("127.0.0.1",))) as client:
        signed = sign_in(client, token, **{"x-forwarded-proto": "https"})
    assert "Secure" in signed.headers["set-cookie"]


def test_a_server_that_only_reads_refuses_whatever_writes() -> None:
    with client_of(make_app(read_only=True, db=":memory:")) as client:
        assert count_spans(client) == 0
        for query in (INGEST, UPDATE, DELETE, CLEAR):
            refused = client.post("/graphql", json={"query": query}).json()
            assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"


def coming_from(host: str) -> Any:
    def transport(app: Any) -> httpx.ASGITransport:
        return httpx.ASGITransport(app, client=(host, 1), raise_app_exceptions=False)

    return transport


@pytest.mark.parametrize(
    ("peer", "settings", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("::ffff:127.0.0.1", {}, 200),
        ("10.0.0.9", {}, 403),
        ("10.0.0.9", {"insecure": True}, 200),
        ("10.0.0.9", {"read_only": True}, 200),
    ],
)
def test_without_tokens_others_are_answered_only_where_that_was_said(
    peer: str, settings: dict[str, Any], status: int
) -> None:
    app = make_app(host="0.0.0.0", db=":memory:", **settings)  # noqa: S104 - nothing is bound
    with client_of(app) as client:
        client._http = httpx.AsyncClient(transport=coming_from(peer)(app), base_url="http://localhost")
        answer = client.post("/graphql", json={"query": COUNT})
        assert answer.status_code == status
        assert client.get("/healthz").status_code == 200
        if status == 403:
            assert "--insecure" in answer.json()["errors"][0]["message"]
            assert client.post("/v1/traces", content=EXPORT, headers=JSON).status_code == 403


def test_a_server_that_others_reach_does_not_start_without_tokens(tmp_path: Path) -> None:
    db = str(tmp_path / "s.duckdb")
    refused = spanwell("serve", "--db", db, "--host", "192.0.2.1", "--port", "0")
    assert refused.returncode == 2
    assert "spanwell token create" in refused.stderr
    assert "--insecure" in refused.stderr
    assert "Cannot listen" in spanwell("serve", "--db", db, "--host", "192.0.2.1", "--insecure").stderr
    Tokens(Path(f"{db}.tokens")).create((Scope.READ,))
    assert "Cannot listen" in spanwell("serve", "--db", db, "--host", "192.0.2.1").stderr
    Path(f"{db}.tokens").write_text("nonsense")
    assert "not a token file" in spanwell("serve", "--db", db, "--host", "192.0.2.1").stderr


def test_at_its_start_a_server_says_who_reaches_it_and_by_which_names(tmp_path: Path) -> None:
    db = str(tmp_path / "s.duckdb")
    said = []
    for flags in ((), ("--insecure", "--allowed-hosts", "spans.example"), ("--read-only",)):
        with serving("--db", db, "--host", "0.0.0.0", *flags) as server:  # noqa: S104 - that is what the test is about
            said.append("\n".join(server.greeting))
    assert "access: this machine only" in said[0]
    assert "hosts: IP addresses, names of private networks; " in said[0]
    assert "can read and write" in said[1]
    assert "private networks, spans.example;" in said[1]
    assert "can read\n" in said[2]
    Tokens(Path(f"{db}.tokens")).create((Scope.READ,))
    with serving("--db", db, "--allowed-hosts", "*") as server:
        assert "  access: by token" in server.greeting
        (link,) = [line for line in server.greeting if "sign in" in line]
        with urllib.request.urlopen(link.rpartition(" ")[2]) as page:  # noqa: S310 - http to ourselves
            assert b'name="once"' in page.read()
