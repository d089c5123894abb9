"""An application over a plain store, a client that calls it without a network, and how its answers are judged."""

import asyncio
import re
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
from starlette.applications import Starlette

from spanwell.app import create_app
from spanwell.settings import Settings
from spanwell.storage.reference.storage import MemoryStorage

CREATE = (
    'mutation { createSpan(span: {traceId: "t", spanId: "s", name: "n", startedAt: "2026-01-31T09:30:00Z"}) '
    "{ span { name } } }"
)
COUNT = "{ spans { totalCount } }"
JSON = {"content-type": "application/json"}
GRAPHQL = "application/graphql-response+json"

LEAK = re.compile(r'Traceback|\.py"|_duckdb|LINE 1:|/(srv|home|tmp|work)/|SELECT .* FROM|object at 0x|site-packages')


class Client:
    """Calls an application, one request after the other."""

    def __init__(self, runner: asyncio.Runner, http: httpx.AsyncClient) -> None:
        self._runner = runner
        self._http = http

    def request(self, method: str, url: str, content: bytes | Sequence[bytes] = b"", **how: Any) -> httpx.Response:
        """Send a request; content in pieces is sent without a length."""
        sent: dict[str, Any] = dict(how)
        if "json" not in how:
            sent["content"] = content if isinstance(content, bytes) else _pieces(content)
        return self._runner.run(self._http.request(method, url, **sent))

    def get(self, url: str, **how: Any) -> httpx.Response:
        return self.request("GET", url, **how)

    def post(self, url: str, **how: Any) -> httpx.Response:
        return self.request("POST", url, **how)


async def _pieces(content: Sequence[bytes]) -> AsyncIterator[bytes]:
    for piece in content:
        yield piece


def make_app(**settings: Any) -> Starlette:
    return create_app(Settings(**settings), MemoryStorage())


@contextmanager
def client_of(app: Starlette) -> Generator[Client]:
    """Start an application and give a client of it. Exceptions become answers, as they do in a real server."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    http = httpx.AsyncClient(transport=transport, base_url="http://localhost")
    lifespan = app.router.lifespan_context(app)
    with asyncio.Runner() as runner:
        runner.run(lifespan.__aenter__())
        try:
            yield Client(runner, http)
        finally:
            runner.run(http.aclose())
            runner.run(lifespan.__aexit__(None, None, None))


def count_spans(client: Client) -> int:
    """Return how many spans the store holds, which also shows that the server still answers."""
    return int(client.post("/graphql", json={"query": COUNT}).raise_for_status().json()["data"]["spans"]["totalCount"])


def check_refusal(response: httpx.Response, *codes: str) -> None:
    """Assert that an answer is a refusal fit to be read: JSON with a code, short, and without our insides."""
    assert response.headers["content-type"].startswith(("application/json", GRAPHQL))
    assert response.headers["x-content-type-options"] == "nosniff"
    errors = response.json()["errors"]
    assert errors
    assert {error["extensions"]["code"] for error in errors} <= set(codes)
    assert not LEAK.search(response.text)
    assert len(response.content) < 2_000
