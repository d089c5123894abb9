"""No client asks more often than it may, and each is told when to come again."""

from pathlib import Path
from typing import Any

import pytest

from spanwell.access.tokens import Tokens
from spanwell.http.transport import rates
from spanwell.http.transport.rates import Rates, TooOften
from spanwell.observability.access import Scope
from tests.http.clients import COUNT, JSON, client_of, make_app


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def refused(some: Rates, name: str) -> str | None:
    """Return how long to wait; None if the request was taken."""
    try:
        some.take(name)
    except TooOften as error:
        return str((error.headers or {})["retry-after"])
    return None


def test_a_burst_is_taken_and_then_a_steady_rate() -> None:
    clock = Clock()
    some = Rates(2, clock)
    assert [refused(some, "a") for _ in range(12)] == [None] * 10 + ["1"] * 2
    assert refused(some, "b") is None
    clock.now = 0.5
    assert [refused(some, "a") for _ in range(2)] == [None, "1"]
    clock.now = 60.0
    assert [refused(some, "a") for _ in range(11)] == [None] * 10 + ["1"]


def test_a_rate_below_one_lets_a_single_request_pass() -> None:
    clock = Clock()
    some = Rates(0.1, clock)
    assert [refused(some, "a") for _ in range(2)] == [None, "10"]
    clock.now = 10.0
    assert refused(some, "a") is None


def test_without_a_rate_nobody_is_counted_and_of_many_clients_the_last_are() -> None:
    assert [refused(Rates(), "a") for _ in range(1_000)] == [None] * 1_000
    some = Rates(1, Clock())
    for number in range(rates._MOST_CLIENTS + 10):
        some.take(str(number))
    assert len(some._over) == rates._MOST_CLIENTS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tokens"


def test_each_token_has_a_rate_of_its_own_at_every_door(path: Path) -> None:
    tokens = Tokens(path)
    one, other = (tokens.create((Scope.READ, Scope.INGEST)) for _ in range(2))
    with client_of(make_app(tokens=str(path), rate_limit=0.1)) as client:

        def ask(token: str, url: str = "/graphql", **how: Any) -> Any:
            return client.post(url, headers={**JSON, "authorization": f"Bearer {token}"}, **how)

        assert ask(one, json={"query": COUNT}).status_code == 200
        refused = ask(one, json={"query": COUNT})
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "10")
        assert refused.json()["errors"][0]["extensions"]["code"] == "OVERLOADED"
        exported = ask(one, "/v1/traces", content=b"{}")
        assert (exported.status_code, exported.headers["retry-after"], exported.json()["code"]) == (429, "10", 8)
        assert ask(other, json={"query": COUNT}).status_code == 200
        assert client.get("/healthz").status_code == 200


def test_without_tokens_an_address_has_a_rate() -> None:
    with client_of(make_app(db=":memory:", rate_limit=0.1)) as client:
        assert [client.post("/graphql", json={"query": COUNT}).status_code for _ in range(2)] == [200, 429]
