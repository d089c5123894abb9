"""Starlette's application without its own layers for errors, which every request would pass."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from .transport.responses import failure_response, media_type_for


class Application(Starlette):
    """Routes and middleware; an `HTTPException` of an endpoint is answered, any other error is left to `Outside`."""

    @override
    def build_middleware_stack(self) -> ASGIApp:
        """Return the middleware around the routes."""
        app: ASGIApp = _Answering(self.router)
        for made, arguments, named in reversed(self.user_middleware):
            app = made(app, *arguments, **named)
        return app


class _Answering:
    """Answers with what an endpoint raised; inside the middleware, which adds its headers to the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except HTTPException as error:
            await failure_response(error, media_type_for(scope["headers"]))(scope, receive, send)
