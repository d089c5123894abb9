"""What a hostile client may write into a GraphQL document: refused at once, in a few words, with a code."""

import json
import re
from collections.abc import Iterator, Mapping

import httpx
import pytest

from tests.attack.attacked import Attacked, attacked, codes_of, count_spans
from tests.graphql.documents import HOSTILE
from tests.http.clients import CREATE, GRAPHQL

_REAL: Mapping[str, str] = {
    r"\bok\b": "__typename",
    r"echo\(text: (.*), count: 1\)": r"trace(traceId: \1) { spanCount }",
    r"a: parent \{ ...A \} b: parent \{ ...A \}": "a: ancestors { nodes { ...A } } b: ancestors { nodes { ...A } }",
    r"parent": "rootSpan",
}
"""What the fields of the toy schema are called in the real one."""

_PARSE = "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"
_COMPLEX = "QUERY_TOO_COMPLEX", "GRAPHQL_VALIDATION_FAILED"


def real(document: str) -> str:
    """Return a document of the toy schema as one of the real one."""
    for toy, ours in _REAL.items():
        document = re.sub(toy, ours, document, flags=re.DOTALL)
    return document


def declared(*, given: bool) -> str:
    """Ask for 101 pages of 1,000 by a variable that is given, or has a default."""
    default = "" if given else " = 1000"
    pages = " ".join(f"a{number}: traces(first: $n) {{ totalCount }}" for number in range(49))
    return f"query($n: Int{default}) {{ {pages} ...F ...F ...F }} fragment F on Query {{ {pages} }}"


DOCUMENTS = {name: real(document) for name, document in HOSTILE.items()} | {
    "B16 __type in an alias of depth": '{ __type(name: "Span") ' + "{ ofType " * 30 + "{ name }" + " }" * 30 + " }",
    "B22 skipped pages": "{ traces(first: 999) @skip(if: true) { nodes { spans(first: 999) { nodes { name } } } } }",
    "B23 pages by a default": declared(given=False),
}


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Attacked, httpx.Client]]:
    with attacked() as running:
        yield running


def send(client: httpx.Client, query: str, **parts: object) -> httpx.Response:
    body = json.dumps({"query": query, **parts}).encode()
    return client.post("/graphql", content=body, headers={"content-type": "application/json", "accept": GRAPHQL})


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_a_hostile_document_is_refused_at_once(running: tuple[Attacked, httpx.Client], document: str) -> None:
    server, client = running
    with server.unharmed():
        answer = send(client, document)
    assert answer.status_code == 400, answer.text[:500]
    assert answer.headers["content-type"].startswith(GRAPHQL)
    assert codes_of(answer) <= {*_PARSE, *_COMPLEX, "BAD_USER_INPUT"}


VARIABLES: Mapping[str, tuple[str, dict[str, object]]] = {
    "B20 1,000 variables that are too few": (
        "query(" + " ".join(f"$v{i}: Int!" for i in range(900)) + ") { trace(traceId: $v0) { name } }",
        {},
    ),
    "B21 an operation that is not there": ("query A { __typename } query B { __typename }", {"operationName": "C"}),
    "B21 no operation of several": ("query A { __typename } query B { __typename }", {}),
    "B23 pages by a variable": (declared(given=True), {"variables": {"n": 1000}}),
    "B26 another query's hash": (CREATE, {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}),
}


@pytest.mark.parametrize(("query", "parts"), VARIABLES.values(), ids=VARIABLES.keys())
def test_what_stands_around_a_document_is_no_way_round(
    running: tuple[Attacked, httpx.Client], query: str, parts: dict[str, object]
) -> None:
    server, client = running
    with server.unharmed():
        answer = send(client, query, **parts)
    assert answer.status_code == 400, answer.text[:500]
    assert codes_of(answer)
    assert count_spans(client) == 0
