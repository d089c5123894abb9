"""What a hostile or broken client may put around a GraphQL document."""

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from tests.attack.attacked import Attacked, attacked, count_spans
from tests.http.clients import COUNT, CREATE, JSON, check_refusal

CAP = 100_000
MUTATION = json.dumps({"query": CREATE}).encode()
QUERY = json.dumps({"query": COUNT}).encode()
PREFLIGHT = {"origin": "https://evil.example", "access-control-request-method": "POST"}
VARIABLE = b'{"query": "{__typename}", "variables": {"a": '
BOMB = gzip.compress(b" " * 20_000_000, mtime=0)


class Case(NamedTuple):
    name: str
    status: int
    body: bytes | list[bytes] = QUERY
    headers: dict[str, str] = JSON
    method: str = "POST"
    url: str = "/graphql"


def typed(media_type: str) -> dict[str, str]:
    return {"content-type": media_type}


def encoded(encoding: str) -> dict[str, str]:
    return {**JSON, "content-encoding": encoding}


def asking(**parts: Any) -> bytes:
    return json.dumps({"query": COUNT, **parts}).encode()


REFUSED = [
    Case("A1 text/plain", 415, MUTATION, typed("text/plain")),
    Case("A2 a form", 415, MUTATION, typed("application/x-www-form-urlencoded")),
    Case("A3 multipart", 415, MUTATION, typed("multipart/form-data; boundary=x")),
    Case("A4 application/graphql", 415, CREATE.encode(), typed("application/graphql")),
    Case("A5 no type", 415, MUTATION, {}),
    Case("A6 json as a parameter", 415, MUTATION, typed("text/plain;application/json")),
    Case("A7 two types", 415, MUTATION, typed("text/plain,application/json")),
    Case("A8 a longer type", 415, MUTATION, typed("application/json+evil")),
    Case("A9 json inside a word", 415, MUTATION, typed("xapplication/jsonx")),
    Case("A9 another charset", 415, MUTATION, typed("application/json; charset=utf-16")),
    Case("A10 a mutation by GET", 405, b"", {}, "GET", str(httpx.URL("/graphql", params={"query": CREATE}))),
    Case("A12 PUT", 405, MUTATION, JSON, "PUT"),
    Case("A12 DELETE", 405, MUTATION, JSON, "DELETE"),
    Case("A12 PATCH", 405, MUTATION, JSON, "PATCH"),
    Case("A12 TRACE", 405, b"", {}, "TRACE"),
    Case(
        "A13 OPTIONS", 405, b"", {"origin": "https://evil.example", "access-control-request-method": "POST"}, "OPTIONS"
    ),
    Case("A15 null", 400, b"null"),
    Case("A15 a number", 400, b"1"),
    Case("A15 a string", 400, b'"x"'),
    Case("A15 true", 400, b"true"),
    Case("A15 a list", 400, b"[]"),
    Case("A16 empty", 400, b""),
    Case("A16 an empty object", 400, b"{}"),
    Case("A17 cut off", 400, QUERY[:-3]),
    Case("A17 more after the end", 400, QUERY + b"}"),
    Case("A18 invalid UTF-8", 400, b'{"query": "\xff"}'),
    Case("A18 half a surrogate pair", 400, b'{"query": "\\ud800"}'),
    Case("A19 UTF-16", 400, QUERY.decode().encode("utf-16")),
    Case("A19 UTF-32", 400, QUERY.decode().encode("utf-32")),
    Case("A20 a byte order mark", 400, b"\xef\xbb\xbf" + QUERY),
    Case("A21 deep lists", 400, VARIABLE + b"[" * 40_000 + b"]" * 40_000 + b"}}"),
    Case("A21 deep objects", 400, b'{"a":' * 15_000 + b"1" + b"}" * 15_000),
    Case("A22 5,000 digits", 400, VARIABLE + b"9" * 5_000 + b"}}"),
    Case("A23 NaN", 400, VARIABLE + b"NaN}}"),
    Case("A23 Infinity", 400, VARIABLE + b"Infinity}}"),
    Case("A23 beyond a double", 400, VARIABLE + b"1e400}}"),
    Case("A25 a query that is a number", 400, asking(query=1)),
    Case("A25 a query that is null", 400, asking(query=None)),
    Case("A25 variables that are a list", 400, asking(variables=[1])),
    Case("A25 variables that are text", 400, asking(variables="{}")),
    Case("A25 extensions that are a list", 400, asking(extensions=[])),
    Case("A25 an operation name that is an object", 400, asking(operationName={})),
    Case("A26 a length over the cap", 413, b" " * (CAP + 1)),
    Case("A27 chunks over the cap", 413, [b" " * 9_000] * 12),
    Case("A29 a gzip bomb", 413, BOMB, encoded("gzip")),
    Case("A29 a gzip bomb in pieces", 413, gzip.compress(b" " * 60_000, mtime=0) * 2, encoded("gzip")),
    Case("A30 half of a gzip", 400, gzip.compress(QUERY, mtime=0)[:-9], encoded("gzip")),
    Case("A30 an empty gzip", 400, b"", encoded("gzip")),
    Case("A30 not a gzip", 400, QUERY, encoded("gzip")),
    Case("A30 a gzip with a tail", 400, gzip.compress(QUERY, mtime=0) + b"tail", encoded("gzip")),
    Case("A31 zstd", 415, QUERY, encoded("zstd")),
    Case("A31 br", 415, QUERY, encoded("br")),
    Case("A31 gzip twice", 415, gzip.compress(gzip.compress(QUERY, mtime=0), mtime=0), encoded("gzip, gzip")),
    Case("A38 an unknown path", 404, b"", {}, "GET", "/nope"),
    Case("A38 a path with NUL", 404, b"", {}, "GET", "/playground/static/%00"),
    Case("A38 a path upwards", 404, b"", {}, "GET", "/playground/static/..%2f..%2f..%2fpyproject.toml"),
    Case("A38 a path upwards with backslashes", 404, b"", {}, "GET", "/playground/static/..%5c..%5capp.py"),
    Case("A38 an absolute path", 404, b"", {}, "GET", "/playground/static//etc/passwd"),
    Case("A38 a folder", 404, b"", {}, "GET", "/playground/static/vendor"),
    Case("A38 a very long name", 404, b"", {}, "GET", "/playground/static/" + "x" * 5_000),
    Case("B13 a batch of two", 400, json.dumps([{"query": COUNT}] * 2).encode()),
    Case("B13 a batch of 1,000", 400, json.dumps([{"query": COUNT}] * 1_000).encode()),
    Case("B13 a batch of junk", 400, json.dumps([1, None, {"query": CREATE}]).encode()),
    Case(
        "B26 a persisted query that nobody sent",
        404,
        json.dumps({"extensions": {"persistedQuery": {"sha256Hash": "a"}}}).encode(),
    ),
    Case("B26 another query's hash", 400, asking(query=CREATE, extensions={"persistedQuery": {"sha256Hash": "a"}})),
    Case("GET without a query", 400, b"", {}, "GET"),
    Case("GET with variables that are no JSON", 400, b"", {}, "GET", f"/graphql?query={COUNT}&variables=%7B"),
    Case("GET with variables that are a list", 400, b"", {}, "GET", f"/graphql?query={COUNT}&variables=[]"),
    Case("another host", 400, QUERY, {**JSON, "host": "evil.example"}),
    Case("no host", 400, QUERY, {**JSON, "host": ""}),
    Case("another host before ours", 400, QUERY, {**JSON, "host": "evil.example@localhost"}),
]
CODES = {404: "NOT_FOUND"}
_REPAIRED = {"A18": ["GRAPHQL_PARSE_FAILED"]}
"""What is no character in a text becomes U+FFFD, which no query begins with."""


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Attacked, httpx.Client]]:
    with attacked(max_body_bytes=CAP) as running:
        yield running


@pytest.fixture
def client(running: tuple[Attacked, httpx.Client]) -> httpx.Client:
    return running[1]


@pytest.mark.parametrize("case", REFUSED, ids=[case.name for case in REFUSED])
def test_what_is_not_plainly_a_request_is_refused_and_nothing_is_written(
    running: tuple[Attacked, httpx.Client], case: Case
) -> None:
    server, client = running
    with server.unharmed():
        response = client.request(case.method, case.url, content=case.body, headers=case.headers)
    assert response.status_code == case.status
    check_refusal(response, CODES.get(case.status, "BAD_USER_INPUT"), *_REPAIRED.get(case.name[:3], ()))
    assert "access-control-allow-origin" not in response.headers
    assert count_spans(client) == 0


def test_a_head_request_is_refused_without_a_body(client: httpx.Client) -> None:
    assert client.request("HEAD", "/graphql").status_code == 405


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_wrong_method_is_told_the_right_ones(client: httpx.Client, method: str) -> None:
    """A10."""
    allowed = client.request(method, "/graphql", params={"query": CREATE}).headers["allow"]
    assert "POST" in allowed
    assert ("GET" in allowed) == (method == "PUT")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (QUERY, JSON),
        (QUERY, typed("APPLICATION/JSON ; Charset=UTF-8")),
        (QUERY, typed('application/json; charset="utf-8"; profile=x')),
        (QUERY, encoded("identity")),
        (gzip.compress(QUERY, mtime=0), encoded("GZIP")),
        (gzip.compress(QUERY[:9], mtime=0) + gzip.compress(QUERY[9:], mtime=0), encoded("gzip")),
        (b" " * (CAP - len(QUERY)) + QUERY, JSON),
        (asking(variables=None, operationName=None, extensions=None, unknown=1), JSON),
        (asking(variables={"unused": 10**300}), JSON),
        (QUERY, {**JSON, "host": "127.0.0.1:8000"}),
        (QUERY, {**JSON, "host": "[::1]:8000"}),
        (QUERY, {**JSON, "host": "LOCALHOST"}),
    ],
)
def test_what_is_plainly_a_request_is_answered(client: httpx.Client, body: bytes, headers: dict[str, str]) -> None:
    response = client.post("/graphql", content=body, headers=headers)
    assert response.json() == {"data": {"spans": {"totalCount": 0}}}


def test_a_gzip_bomb_is_not_unpacked_beyond_the_cap(client: httpx.Client) -> None:
    tracemalloc.start()
    response = client.post("/graphql", content=BOMB, headers=encoded("gzip"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert response.status_code == 413
    assert peak < 10 * CAP < 20_000_000 / 10


@pytest.mark.parametrize("body", [gzip.compress(b" " * 60_000_000, mtime=0), b'{"query": "' + b" " * 30_000_000])
def test_a_large_body_does_not_hold_the_loop(body: bytes) -> None:
    headers = encoded("gzip") if body[:2] == b"\x1f\x8b" else JSON
    with attacked() as (server, client), server.unharmed():
        assert client.post("/graphql", content=body, headers=headers).status_code == 400


def test_of_a_key_given_twice_the_last_counts(client: httpx.Client) -> None:
    body = b'{"query": "{ nope }", ' + QUERY[1:]
    assert client.post("/graphql", content=body, headers=JSON).status_code == 200


def test_only_named_origins_may_read_answers_and_hear_their_own_name() -> None:
    """A14."""
    ours, theirs = {"origin": "https://ours.example"}, {"origin": "https://evil.example"}
    asks = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    with attacked(cors_origins=("https://ours.example", "https://also.example")) as (_, client):
        for response in (
            client.get("/healthz", headers=ours),
            client.request("OPTIONS", "/graphql", headers={**ours, **asks}),
        ):
            assert response.status_code == 200
            assert response.headers["access-control-allow-origin"] == "https://ours.example"
            assert response.headers["access-control-allow-credentials"] == "true"
            assert "origin" in response.headers["vary"].lower()
        for response in (
            client.get("/healthz", headers=theirs),
            client.request("OPTIONS", "/graphql", headers={**theirs, **asks}),
            client.request("OPTIONS", "/graphql", headers={"origin": "null", **asks}),
        ):
            assert "access-control-allow-origin" not in response.headers
