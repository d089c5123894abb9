"""Access control: what a client may do, by its token, its cookie, or its address."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from spanwell.access.addresses import is_loopback
from spanwell.access.tokens import Token, Tokens
from spanwell.observability.access import EVERYTHING, Access, Scope

from .hosts import host_name
from .rates import Rates

COOKIE = "spanwell_token"
_SAFE = ("GET", "HEAD")
_SHOWING = frozenset({b"authorization", b"cookie"})
"""The headers that may hold a token."""
_NO_TOKEN = (
    "This server requires a token: send it as `Authorization: Bearer TOKEN`. Create one with `spanwell token create`."  # noqa: S105 - a sentence
)
_CLOSED = (
    "This server has no tokens yet, so it only accepts requests from its own machine: create a token with "
    "`spanwell token create`, or start the server with `--insecure` to allow access without tokens."
)


Show: TypeAlias = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Doors:
    """The access rules of one server. Without tokens, a server `reachable` by others answers only its own machine.

    `insecure` admits everybody while no tokens are required; `read_only` forbids all writes. The `rates` are counted by
    token, or by address where there is none.
    """

    tokens: Tokens | None = None
    reachable: bool = False
    insecure: bool = False
    read_only: bool = False
    rates: Rates = field(default_factory=Rates)

    def access(self, connection: HTTPConnection) -> Access:
        """Return what a request may do. Raises `HTTPException` 401 or 403."""
        found = self._access(connection)
        return found.read_only() if self.read_only else found

    def of_token(self, text: str) -> Access | None:
        """Return what the bearer of a token may do, for WebSockets; None if the token is invalid."""
        found = EVERYTHING if self.tokens is None else self.tokens.access(text)
        return found.read_only() if found is not None and self.read_only else found

    def guarded(self, show: Show) -> Show:
        """Return an endpoint that only answers clients that may read all rows."""

        async def answer(request: Request) -> Response:
            access = self.access(request)
            if access.is_bound or Scope.READ not in access.scopes:
                raise HTTPException(403, "This requires the scope `read` on all rows.")
            return await show(request)

        return answer

    def still_open(self, connection: HTTPConnection, token: str | None = None) -> Callable[[], bool] | None:
        """Return a function that checks whether a connection may stay open; None if no token can be revoked."""
        tokens = self.tokens
        if tokens is None or not tokens.are_required:
            return None
        shown = _token_of(connection) if token is None else token
        return lambda: tokens.access(shown) is not None

    def needs_token(self, connection: HTTPConnection) -> bool:
        """Return whether a page must sign in first."""
        try:
            self.access(connection)
        except HTTPException as refusal:
            return refusal.status_code == 401
        return False

    def take(self, connection: HTTPConnection, token: str | None = None) -> None:
        """Count an operation of a long-lived connection. Raises `TooOften`."""
        found = self.tokens.find(_token_of(connection) if token is None else token) if self.tokens is not None else None
        self._count(connection, found)

    def _access(self, connection: HTTPConnection) -> Access:
        found = self.tokens.find(_token_of(connection)) if self.tokens is not None else None
        if found is None and self.tokens is not None and self.tokens.were_required:
            raise HTTPException(401, _NO_TOKEN, {"www-authenticate": "Bearer"})
        self._count(connection, found)
        if found is not None:
            return found.access
        if self.reachable and not (self.insecure or self.read_only) and not is_local(connection):
            raise HTTPException(403, _CLOSED)
        return EVERYTHING

    def _count(self, connection: HTTPConnection, token: Token | None) -> None:
        """Count a request of a token, or of an address where there is none."""
        if self.rates.are_limited:
            address = connection.client.host if connection.client is not None else ""
            self.rates.take(address if token is None else token.id)


def is_local(connection: HTTPConnection) -> bool:
    """Return whether a request comes from this machine: by loopback, or from the same address that it was sent to."""
    client, server = connection.client, connection.scope.get("server")
    if client is None:  # a Unix socket
        return True
    host = client.host.removeprefix("::ffff:")
    return is_loopback(host) or (server is not None and host == str(server[0]).removeprefix("::ffff:"))


def _token_of(connection: HTTPConnection) -> str:
    """Return the token of a request; a cookie counts only if no page of another origin can have sent the request."""
    if _SHOWING.isdisjoint([name for name, _ in connection.scope["headers"]]):
        return ""
    stated = connection.headers.get("authorization", "")
    kind, _, token = stated.partition(" ")
    if kind.lower() == "bearer":
        return token.strip()
    if connection.scope.get("method") not in _SAFE and not is_same_origin(connection):
        return ""
    return connection.cookies.get(COOKIE, "")


def is_same_origin(connection: HTTPConnection) -> bool:
    """Return whether a request was not sent by a page of another origin."""
    stated = connection.headers.getlist("origin")
    if not stated:
        return True
    host = stated[0].partition("://")[2].lower()
    return len(stated) == 1 and bool(host_name(host)) and host == connection.headers.get("host", "").lower()
