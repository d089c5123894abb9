"""Starlette's application without its own layers for errors, which every request would pass."""

from collections.abc import Mapping, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from .transport.responses import failure_response, media_type_for


class Application(Starlette):
    """Routes and middleware; an `HTTPException` of an endpoint is answered, any other error is left to `Outside`."""

    @override
    def build_middleware_stack(self) -> ASGIApp:
        """Return the middleware around the routes."""
        app: ASGIApp = _Answering(self.router, _exact(self.routes))
        for made, arguments, named in reversed(self.user_middleware):
            app = made(app, *arguments, **named)
        return app


def _exact(routes: Sequence[BaseRoute]) -> Mapping[tuple[str, str], ASGIApp]:
    """Return the endpoints of paths without parameters, by method and path, where no other route comes first."""
    found: dict[tuple[str, str], ASGIApp] = {}
    for route in routes:
        if isinstance(route, Route) and not route.param_convertors:
            for method in route.methods or ():
                scope = {"type": "http", "method": method, "path": route.path}
                first = next(each for each in routes if each.matches(scope)[0] is Match.FULL)
                if first is route:
                    found[method, route.path] = route.app
    return found


class _Answering:
    """Answers with what an endpoint raised; inside the middleware, which adds its headers to the answer.

    A request for exactly the path of a route needs no search for it, nor what Starlette notes about a search.
    """

    def __init__(self, router: ASGIApp, exact: Mapping[tuple[str, str], ASGIApp]) -> None:
        self._router = router
        self._exact = exact

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._router
        if scope["type"] == "http" and not scope.get("root_path"):
            app = self._exact.get((scope["method"], scope["path"]), app)
        try:
            await app(scope, receive, send)
        except HTTPException as error:
            await failure_response(error, media_type_for(scope["headers"]))(scope, receive, send)
