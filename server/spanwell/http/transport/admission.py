"""Refuses requests at once where so many are worked on that one more would only make all of them wait."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .hosts import PROBES
from .responses import failure_response

_BUSY = "The server is busy; try again in a moment."


class Admission:
    """Lets at most so many requests be worked on at a time, from their head to the head of their answer.

    So streams of events do not count once they have begun. Probes pass, as a busy server is alive.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
        elif self._inside >= self._most:
            await failure_response(HTTPException(503, _BUSY))(scope, receive, send)
        else:
            await self._pass(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        inside = True
        self._inside += 1

        def leave() -> None:
            nonlocal inside
            self._inside -= inside
            inside = False

        async def answer(message: Message) -> None:
            leave()
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            leave()
