"""A server that is written by hand for the questions: Starlette, DuckDB and orjson, with a route for each of them."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .case import Case, Cursor


def application(cursor: Callable[[], Cursor], cases: Sequence[Case]) -> Starlette:
    """Return the server; `/0` answers the first question. Each of its threads has a cursor of its own."""
    pool, own = ThreadPoolExecutor(4), local()

    def body(case: Case) -> bytes:
        if not hasattr(own, "cursor"):
            own.cursor = cursor()
        found = case.by_hand(own.cursor)
        return found if isinstance(found, bytes) else orjson.dumps({"data": found})

    async def answer(request: Request) -> Response:
        case = cases[request.path_params["place"]]
        found = await asyncio.get_running_loop().run_in_executor(pool, body, case)
        return Response(found, media_type=None if case.is_export else "application/json")

    return Starlette(routes=[Route("/{place:int}", answer)])
