"""By which names, through which proxies and from which pages the server is reached."""

import json
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from spanwell.http.transport.compression import Compression
from tests.http.clients import COUNT, GRAPHQL, JSON, Client, check_refusal, client_of, make_app

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

EXPORT = json.dumps({"resourceSpans": []}).encode()
OURS = "https://app.example"
PRIVATE = ["spanwell:8000", "spanwell.tools.svc", "spanwell.tools.svc.cluster.local:80", "host.docker.internal"]
ADDRESSES = ["10.1.2.3:8000", "[fd00::7]:8000", "[::1]", "192.168.0.9", "[fe80::1%25eth0]:8000"]
FOREIGN = [
    "evil.example",
    "evil.example:8000",
    "evil.example.",
    "127.0.0.1.evil.example",
    "10.1.2",
    "spanwell@evil",
    "",
]


@pytest.fixture(scope="module")
def loopback() -> Iterator[Client]:
    with client_of(make_app()) as client:
        yield client


@pytest.fixture(scope="module")
def reachable() -> Iterator[Client]:
    with client_of(make_app(host="0.0.0.0")) as client:  # noqa: S104 - nothing is bound
        yield client


def ask(client: Client, host: str, **headers: str) -> Any:
    return client.post("/graphql", json={"query": COUNT}, headers={"host": host, **headers})


def export(client: Client, host: str, **headers: str) -> int:
    return client.post("/v1/traces", content=EXPORT, headers={**JSON, "host": host, **headers}).status_code


@pytest.mark.parametrize("host", [*PRIVATE, *ADDRESSES, *FOREIGN])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_pass_whatever_name_they_say(loopback: Client, host: str, path: str) -> None:
    assert loopback.get(path, headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ADDRESSES)
def test_an_address_is_no_name_that_could_be_rebound(loopback: Client, reachable: Client, host: str) -> None:
    assert ask(loopback, host).status_code == ask(reachable, host).status_code == 200
    assert export(loopback, host) == export(reachable, host) == 200


@pytest.mark.parametrize("host", PRIVATE)
def test_names_of_private_networks_reach_only_who_listens_there(loopback: Client, reachable: Client, host: str) -> None:
    assert ask(loopback, host).status_code == 400
    assert ask(reachable, host).status_code == 200


@pytest.mark.parametrize("host", FOREIGN)
def test_names_that_others_can_own_are_refused(loopback: Client, reachable: Client, host: str) -> None:
    for client in (loopback, reachable):
        check_refusal(ask(client, host), "BAD_USER_INPUT")
        assert client.get("/", headers={"host": host}).status_code == 400


def test_exports_come_under_any_name_but_not_from_a_browser(loopback: Client, reachable: Client) -> None:
    assert export(reachable, "traces.example.org") == 200
    assert export(reachable, "traces.example.org", origin="http://traces.example.org") == 400
    assert export(loopback, "traces.example.org") == 400


def test_a_refused_host_is_named_with_the_option_that_allows_it(
    loopback: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        refused, *_ = [ask(loopback, "Refused.Example.org:8000", accept=GRAPHQL) for _ in range(3)]
    assert "`--allowed-hosts refused.example.org`" in refused.json()["errors"][0]["message"]
    assert refused.headers["content-type"].startswith(GRAPHQL)
    assert caplog.text.count("--allowed-hosts refused.example.org") == 1


def test_a_host_that_is_no_name_is_neither_repeated_nor_logged(
    loopback: Client, caplog: pytest.LogCaptureFixture
) -> None:
    assert "evil" not in ask(loopback, "evil\x1b[31m.example").text
    assert not caplog.text


def test_allowed_names_come_beside_those_of_this_machine() -> None:
    with client_of(make_app(allowed_hosts=("Spans.example",), host="10.0.0.1")) as client:
        for host in ("spans.example:443", "localhost", "127.0.0.1:8000", "10.0.0.1"):
            assert ask(client, host).status_code == 200
        assert ask(client, "evil.example").status_code == 400
    with client_of(make_app(allowed_hosts=("*",))) as client:
        assert ask(client, "anything.example").status_code == 200


@pytest.mark.parametrize(
    "asked",
    ["traceparent,tracestate,baggage", "apollographql-client-name", "x-requested-with", "apollo-require-preflight"],
)
def test_pages_of_named_origins_may_send_what_real_clients_send(asked: str) -> None:
    preflight = {
        "origin": OURS,
        "access-control-request-method": "POST",
        "access-control-request-headers": f"content-type,{asked}",
    }
    with client_of(make_app(cors_origins=(OURS,))) as client:
        answer = client.request("OPTIONS", "/graphql", headers=preflight)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-credentials"] == "true"
        preflight["origin"] = "https://evil.example"
        assert "access-control-allow-origin" not in client.request("OPTIONS", "/graphql", headers=preflight).headers


def test_pages_of_every_origin_may_come_without_credentials() -> None:
    with client_of(make_app(cors_origins=("*",))) as client:
        answer = client.post("/graphql", json={"query": COUNT}, headers={"origin": "https://anyone.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


def test_only_trusted_proxies_say_how_the_client_came() -> None:
    said = {"x-forwarded-host": "evil.example, spans.example", "x-forwarded-for": "203.0.113.7"}
    for proxies, status in (("127.0.0.0/8",), 200), (("10.0.0.0/8",), 400), ((), 400):
        with client_of(make_app(allowed_hosts=("spans.example",), trusted_proxies=proxies)) as client:
            assert ask(client, "backend.example", **said).status_code == status


def test_the_server_answers_below_a_path_and_without_it() -> None:
    with client_of(make_app(root_path="/tools/spans/")) as client:
        for path in ("/graphql", "/tools/spans/graphql"):
            assert client.post(path, json={"query": COUNT}).status_code == 200
        for path in ("/", "/tools/spans", "/tools/spans/", "/tools/spans/readyz", "/tools/spans/playground"):
            assert client.get(path).status_code == 200
        assert client.post("/tools/spansgraphql", json={"query": COUNT}).status_code == 404


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("ZSTD;q=0.5, gzip", "zstd"),
        ("zstd;q=0, gzip", "gzip"),
        ("br", None),
        ("identity", None),
    ],
)
def test_large_answers_are_packed_as_clients_take_it_and_small_ones_are_not(accepted: str, coding: str | None) -> None:
    query = {"query": "{ __schema { types { name description fields { name description } } } }"}
    headers = {"accept-encoding": accepted}
    with client_of(make_app(db=":memory:")) as client:
        packed = client.post("/graphql", json=query, headers=headers)
        plain = client.post("/graphql", json=query, headers={"accept-encoding": "identity"})
        small = client.post("/graphql", json={"query": COUNT}, headers=headers)
    assert packed.headers.get("content-encoding") == coding
    assert unpacked(packed) == plain.content
    assert "content-encoding" not in small.headers
    assert ("accept-encoding" in packed.headers.get("vary", "").lower()) == (coding is not None)
    assert "no-store" in plain.headers["cache-control"], "so nothing has to know that it may be packed"


def unpacked(answer: httpx.Response) -> bytes:
    """Return a body as it was before; httpx knows gzip by itself."""
    return zstd.decompress(answer.content) if answer.headers.get("content-encoding") == "zstd" else answer.content


@pytest.mark.parametrize("size", [10_000, 100_000])
def test_a_stream_is_packed_piece_by_piece(size: int) -> None:
    async def pieces(_: Request) -> Response:
        async def each() -> AsyncIterator[bytes]:
            for letter in b"abc":
                yield bytes([letter]) * size

        return StreamingResponse(each())

    app = Starlette(routes=[Route("/", pieces)], middleware=[Middleware(Compression)])
    with client_of(app) as client:
        assert unpacked(client.get("/", headers={"accept-encoding": "zstd"})) == b"a" * size + b"b" * size + b"c" * size


def test_what_is_wrong_with_a_document_is_shown_by_older_clients_too(loopback: Client) -> None:
    for accept, status in (
        ("application/json", 200),
        (GRAPHQL, 400),
        (f"{GRAPHQL}, application/json", 400),
        ("*/*", 400),
    ):
        refused = loopback.post("/graphql", json={"query": "{ nope }"}, headers={"accept": accept})
        assert refused.status_code == status
        assert refused.json()["errors"]
