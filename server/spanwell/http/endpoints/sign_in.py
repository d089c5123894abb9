"""The sign-in page, where a browser exchanges a token for a cookie of this server."""

from base64 import b64encode
from collections.abc import Callable, Iterable
from hashlib import sha256
from html import escape
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spanwell.access.one_time import OneTimeCode
from spanwell.http.transport.body import read_body
from spanwell.http.transport.doors import COOKIE, Doors, is_same_origin
from spanwell.observability.access import Scope

from .static_pages import page_headers

PATH = "/sign-in"

_LARGEST = 4_096
_STYLE = (
    "body{font:16px/1.5 system-ui;display:grid;place-items:center;min-height:90vh;color-scheme:light dark}"
    "form{display:grid;gap:.75rem;width:min(26rem,90vw)}input,button{font:inherit;padding:.5rem}"
)
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in to Spanwell</title>
<style>{style}</style>
<form method="post" action="sign-in">
<h1>Spanwell</h1>
{asked}
<button>Sign in</button>
<p role="status">{said}</p>
</form>
</html>
"""
_FIELD = """<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>"""
_ONCE = '<input name="once" type="hidden" value="{code}">'
_HELP = "Create a token on the server with <code>spanwell token create --scopes read</code>."
_WRONG = "The token is unknown or has expired."
_BY_LINK = "The link works once, within ten minutes of the server's start."
_OLD = "The link was already used or has expired: restart the server for a new one, or enter a token here."
_SIGNED_IN = (Scope.READ, Scope.WRITE, Scope.DELETE)
"""The scopes of a browser that signs in with the link."""

_HALF_A_DAY = 12 * 3_600


class SignIn:
    """Shows the form, and signs in with a token or with the code in the link that the server prints at its start.

    The link shows a button, and the button signs in, so that link previews do not use the code up.
    """

    def __init__(self, doors: Doors, once: OneTimeCode | None = None) -> None:
        self._doors = doors
        self._once = once

    def routes(self) -> list[BaseRoute]:
        """Return the route of the form."""
        return [Route(PATH, self.form, methods=["GET"]), Route(PATH, self.take, methods=["POST"])]

    async def form(self, request: Request) -> Response:
        """Show the form."""
        code = request.query_params.get("once")
        return _shown(_HELP, 200) if code is None else _shown(_BY_LINK, 200, _ONCE.format(code=escape(code)))

    async def take(self, request: Request) -> Response:
        """Set the cookie if the token is valid. Forms of other origins are refused."""
        if not is_same_origin(request):
            raise HTTPException(403, "Pages of that origin are not allowed to sign in here.")
        body = (await read_body(request, _LARGEST)).decode("utf-8", "replace")
        sent = parse_qs(body)
        token = sent.get("token", [""])[0].strip()
        if "once" in sent and not (token := self._token_for(sent["once"][0])):
            return _shown(_OLD, 401)
        if self._doors.of_token(token) is None:
            return _shown(_WRONG, 401)
        done = RedirectResponse(".", 303)
        secure = request.url.scheme == "https"
        done.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path=_path(request))
        return done

    def _token_for(self, code: str) -> str:
        """Return a new token for a browser with the right code, else an empty text."""
        tokens = self._doors.tokens
        if tokens is None or self._once is None or not self._once.redeem(code):
            return ""
        return tokens.create(_SIGNED_IN, seconds=_HALF_A_DAY)


def _path(request: Request) -> str:
    return request.scope.get("root_path", "") or "/"


def _shown(said: str, status: int, asked: str = _FIELD) -> Response:
    digest = b64encode(sha256(_STYLE.encode()).digest()).decode()
    headers = page_headers(style_src=f"'sha256-{digest}'") | {
        "cache-control": "no-store",
        "referrer-policy": "same-origin",  # without a referrer browsers would send the form from the origin `null`
    }
    headers["content-security-policy"] = headers["content-security-policy"].replace(
        "form-action 'none'", "form-action 'self'"
    )
    return HTMLResponse(_PAGE.format(style=_STYLE, said=said, asked=asked), status, headers)


def behind_sign_in(routes: Iterable[BaseRoute], doors: Doors, pages: frozenset[str]) -> list[BaseRoute]:
    """Return routes whose pages redirect to the sign-in form unless the browser has signed in."""
    return [_guarded(route, doors) if isinstance(route, Route) and route.path in pages else route for route in routes]


def _guarded(route: Route, doors: Doors) -> Route:
    show: Callable[..., object] = route.endpoint

    async def page(request: Request) -> Response:
        if doors.needs_token(request):
            return RedirectResponse(request.scope.get("root_path", "") + PATH, 303)
        shown: Response = await show(request)  # type: ignore[misc] # all our endpoints are coroutines
        return shown

    return Route(route.path, page, methods=["GET"])
