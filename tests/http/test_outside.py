"""What all answers have, whoever gives them."""

import logging
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from spanwell.http.outside import Outside
from tests.http.clients import JSON, client_of, make_app

PATHS = [
    *("/", "/playground", "/healthz", "/readyz", "/metrics", "/nope", "/graphql", "/graphql?query={__typename}"),
    *("/sign-in", "/v1/traces"),
]


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_tells_browsers_what_they_may_not_do_with_it(method: str, path: str) -> None:
    with client_of(make_app(db=":memory:", cors_origins=("https://a.example",))) as client:
        answer = client.request(method, path, headers={"origin": "https://a.example", **JSON})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] in {"no-referrer", "same-origin"}
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert len(answer.headers["x-request-id"]) == 16
    assert len(answer.headers.get_list("x-content-type-options")) == 1


@pytest.mark.parametrize(
    ("sent", "is_kept"),
    [("abc-1", True), ("0af7:1/x=", True), ("", False), ("x" * 129, False), ("a\tb", False), ("a b", False)],
)
def test_the_id_of_a_request_is_its_own_if_it_is_sane(sent: str, *, is_kept: bool) -> None:
    with client_of(make_app(db=":memory:")) as client:
        answered = client.get("/healthz", headers={"x-request-id": sent}).headers["x-request-id"]
    assert (answered == sent) == is_kept
    assert answered


async def fails(_: Request) -> Response:
    raise RuntimeError("SELECT secret FROM spans")


async def breaks(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"{"
        raise RuntimeError("secret")

    return StreamingResponse(pieces())


def test_what_fails_is_answered_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    app = Starlette(routes=[Route("/fails", fails), Route("/breaks", breaks)], middleware=[Middleware(Outside)])
    with client_of(app) as client, caplog.at_level(logging.INFO):
        answer = client.get("/fails", headers={"accept": "application/graphql-response+json"})
        assert client.get("/breaks").content == b"{"
    assert answer.status_code == 500
    assert answer.json()["errors"][0]["extensions"] == {"code": "INTERNAL"}
    assert "secret" not in answer.text
    assert answer.headers["x-request-id"]
    said = [record.getMessage() for record in caplog.records if record.name.startswith("spanwell")]
    assert said == ["A request failed.", "Request completed.", "A request failed."]
