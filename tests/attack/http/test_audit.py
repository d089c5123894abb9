"""The thirteen checks of graphql-cop (https://github.com/dolevf/graphql-cop), against a server in production."""

from collections.abc import Callable, Iterator, Mapping

import httpx
import pytest

from tests.attack.attacked import Attacked, attacked

QUERY = {"query": "query cop { __typename }"}
MUTATION = {"query": "mutation cop { __typename }"}
CIRCULAR = (
    "{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }"
)


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Attacked, httpx.Client]]:
    with attacked(introspection=False, playground=False, get_queries=False) as running:
        yield running


def is_answered(answer: httpx.Response) -> bool:
    """Return whether an answer holds data, or several answers."""
    try:
        found = answer.json()
    except ValueError:
        return False
    return isinstance(found, list) or bool(found.get("data"))


def posted(client: httpx.Client, query: str) -> bool:
    return is_answered(client.post("/graphql", json={"query": query}))


def shows_a_page(client: httpx.Client) -> bool:
    paths = ("/graphql", "/graphiql", "/playground", "/console", "/altair", "/graphql/console", "/v1/graphiql")
    pages = [client.get(path, headers={"accept": "text/html"}, follow_redirects=True) for path in paths]
    return any("graphiql" in page.text.lower() or "playground" in page.text.lower() for page in pages)


def suggests(client: httpx.Client) -> bool:
    return "Did you mean" in client.post("/graphql", json={"query": "query cop { tracez }"}).text


def traces_itself(client: httpx.Client) -> bool:
    answer = client.post("/graphql", json=QUERY, headers={"x-apollo-tracing": "1"})
    return "tracing" in answer.json().get("extensions", {})


def fails_unhandled(client: httpx.Client) -> bool:
    answer = client.post("/graphql", json={"query": "qwerty cop { abc }"})
    return answer.status_code >= 500 or "exception" in answer.text.lower() or "stack" in answer.text.lower()


CHECKS: Mapping[str, Callable[[httpx.Client], bool]] = {
    "alias overloading": lambda c: posted(c, "query cop {" + "".join(f"a{i}: __typename " for i in range(101)) + "}"),
    "batched queries": lambda c: is_answered(c.post("/graphql", json=[QUERY] * 10)),
    "circular introspection": lambda c: posted(c, CIRCULAR),
    "directive overloading": lambda c: posted(c, "query cop { __typename " + "@aa" * 10 + " }"),
    "field duplication": lambda c: posted(c, "query cop {" + "__typename " * 500 + "}"),
    "field suggestions": suggests,
    "queries by GET": lambda c: is_answered(c.get("/graphql", params=QUERY)),
    "mutations by GET": lambda c: is_answered(c.get("/graphql", params=MUTATION)),
    "forms": lambda c: is_answered(c.post("/graphql", data=QUERY)),
    "a page to ask": shows_a_page,
    "introspection": lambda c: posted(c, "query cop { __schema { types { name } } }"),
    "tracing": traces_itself,
    "unhandled errors": fails_unhandled,
}


@pytest.mark.parametrize("found", CHECKS.values(), ids=CHECKS.keys())
def test_an_audit_finds_nothing(running: tuple[Attacked, httpx.Client], found: Callable[[httpx.Client], bool]) -> None:
    server, client = running
    with server.unharmed():
        assert not found(client)
    assert posted(client, QUERY["query"])
