"""A path is answered by its route, however it is found."""

import pytest
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from spanwell.http.application import Application
from spanwell.http.transport.proxies import BehindProxies
from tests.http.clients import client_of


def named(name: str) -> Route:
    async def show(request: Request) -> Response:
        return PlainTextResponse(f"{name} {request.method} {request.path_params} {request.url.path}")

    paths = {"first": "/a", "second": "/a", "posted": "/p", "part": "/a/{part}", "late": "/a/c"}
    return Route(paths[name], show, methods=["POST"] if name == "posted" else ["GET"])


APP = Application(routes=[named(name) for name in ("first", "second", "posted", "part", "late")])


@pytest.mark.parametrize(
    ("method", "path", "status", "text"),
    [
        ("GET", "/a", 200, "first GET {} /a"),
        ("HEAD", "/a", 200, ""),
        ("POST", "/a", 405, ""),
        ("GET", "/p", 405, ""),
        ("GET", "/a/b", 200, "part GET {'part': 'b'} /a/b"),
        ("GET", "/a/c", 200, "part GET {'part': 'c'} /a/c"),
        ("GET", "/A", 404, ""),
        ("GET", "/a/b/c", 404, ""),
    ],
)
def test_a_path_is_answered_by_its_first_route(method: str, path: str, status: int, text: str) -> None:
    with client_of(APP) as client:
        answer = client.request(method, path)
    assert answer.status_code == status
    assert status != 200 or answer.text == text


@pytest.mark.parametrize("path", ["/spanwell/a", "/a"])
def test_a_path_below_that_of_a_proxy_is_found_too(path: str) -> None:
    below = Application(routes=APP.routes, middleware=[Middleware(BehindProxies, root_path="/spanwell")])
    with client_of(below) as client:
        assert client.get(path).text.startswith("first GET {} ")
