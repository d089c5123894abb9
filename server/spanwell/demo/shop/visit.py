"""A request of a visitor's browser, as it comes in at the gateway."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from spanwell.demo.dice import Dice
from spanwell.demo.draft import Draft
from spanwell.observability.model.span import SpanKind

from .calls import http, respond
from .services import FRONTEND, GATEWAY
from .words import BROWSERS, TRACE_STATES

_VISITORS = 400
"""How many customers are signed in on a day."""


def arrive(dice: Dice, at: int, method: str, route: str, path: str) -> Draft:
    """Return the gateway's span for a request."""
    context: dict[str, Any] = {
        **GATEWAY.context(dice),
        "environment": "production",
        "source": "otlp",
        "request_id": dice.uuid(),
    }
    if dice.chance(0.45):
        visitor = int(_VISITORS * dice.random() ** 2)
        context["user_id"] = f"customer-{10_000 + visitor * 37}"
        context["session_id"] = f"web-{visitor:04x}-{at // (3600 * 10**9) % 1000:03d}"
    if dice.chance(0.12):
        context["trace_state"] = dice.choice(TRACE_STATES)
    return Draft.root(
        dice,
        f"{method} {route}",
        at,
        context,
        kind=SpanKind.SERVER,
        attributes={
            "http.request.method": method,
            "http.route": route,
            "url.path": path,
            "url.scheme": "https",
            "server.address": "www.larkspur-outdoor.example",
            "server.port": 443,
            "client.address": f"203.0.113.{dice.randrange(1, 255)}",
            "user_agent.original": dice.choice(BROWSERS),
            "network.protocol.version": "2",
        },
    )


@contextmanager
def page(dice: Dice, at: int, method: str, route: str, path: str | None = None) -> Generator[tuple[Draft, Draft]]:
    """Answer a request by the frontend: yields the root, and the frontend's span in which the page is made."""
    path = path or route
    root = arrive(dice, at, method, route, path)
    with root:
        root.work(0.6)
        with http(root, FRONTEND, method, route, path) as frontend:
            yield root, frontend
        respond(root, frontend.measured["http.response.status_code"])
        root.measured["http.response.body.size"] = 900 + dice.randrange(60_000)
        root.work(0.3)


def render(frontend: Draft, name: str) -> None:
    """Make HTML of what was fetched."""
    with frontend.child(
        f"render {name}",
        kind=SpanKind.INTERNAL,
        context={"scope_name": "next.js", "scope_version": "0.0.1"},
        attributes={"next.span_type": "AppRender.getBodyResult", "next.route": name},
    ) as rendering:
        rendering.work(7, 0.5)
