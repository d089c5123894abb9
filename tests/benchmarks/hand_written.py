"""`python -m tests.benchmarks.hand_written FILE PORT`: what a good engineer writes by hand to serve such a file.

Forty lines of Starlette, DuckDB and orjson that answer the benchmark's questions with the same JSON, each over a route
of its own: it is the reference that the server's readers are measured against.
"""

import asyncio
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import Any

import duckdb
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_SPAN = ("spanId", "parentSpanId", "name", "type", "startedAt", "endedAt", "durationMs", "status", "serviceName")
_TRACE = ("traceId", "name", "startedAt", "durationMs", "status", "spanCount", "errorCount", "totalTokens", "costUsd")
_OF_TRACES = (
    "SELECT trace_id, head_name, started_at, duration_ms, status, span_count, error_count, total_tokens, cost_usd"
    " FROM traces {} ORDER BY started_at DESC, trace_id LIMIT 50"
)
_OF_SPANS = (
    "SELECT span_id, parent_span_id, name, type, started_at, ended_at, duration_ms, status, service_name"
    " FROM spans WHERE trace_id = ? ORDER BY started_at, span_id"
)
SPAN_FIELDS, TRACE_FIELDS = " ".join(_SPAN), " ".join(_TRACE)
"""What the same questions select in GraphQL."""


def application(file: str) -> Starlette:
    """Return the server over a DuckDB file."""
    connection, pool, own = duckdb.connect(file, read_only=True), ThreadPoolExecutor(4), local()

    def rows(sql: str, values: Sequence[Any], names: Sequence[str]) -> bytes:
        if not hasattr(own, "cursor"):
            own.cursor = connection.cursor()
        found = own.cursor.execute(sql, values).fetchall()
        return orjson.dumps({"data": [dict(zip(names, row, strict=True)) for row in found]})

    async def answer(sql: str, values: Sequence[Any], names: Sequence[str]) -> Response:
        body = await asyncio.get_running_loop().run_in_executor(pool, rows, sql, values, names)
        return Response(body, media_type="application/json")

    async def newest(_: Request) -> Response:
        return await answer(_OF_TRACES.format(""), [], _TRACE)

    async def by_status(request: Request) -> Response:
        return await answer(_OF_TRACES.format("WHERE status = ?"), [request.path_params["status"]], _TRACE)

    async def trace(request: Request) -> Response:
        return await answer(_OF_SPANS, [request.path_params["trace_id"]], _SPAN)

    async def nothing(_: Request) -> Response:
        return Response(b'{"data":{"__typename":"Query"}}', media_type="application/json")

    paths = {"/traces": newest, "/traces/{status}": by_status, "/trace/{trace_id}": trace, "/nothing": nothing}
    return Starlette(routes=[Route(path, endpoint, methods=["GET", "POST"]) for path, endpoint in paths.items()])


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), port=int(sys.argv[2]), log_level="warning", access_log=False)
