"""Makes a span of each request that is traced, and of what is done for it."""

from collections.abc import Generator
from contextlib import contextmanager

from opentelemetry.trace import SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spanwell.tracing.steps import Attributes, Note, traced_request

_FAILED = 500
_CONTEXT = TraceContextTextMapPropagator()


class TracedRequests:
    """Traces the requests whose path begins in one of some ways, as parts of the traces that their callers name.

    The paths of OTLP must not be among them: a server that sends its spans to itself would have more to send each time.
    """

    def __init__(self, app: ASGIApp, tracer: Tracer, paths: tuple[str, ...]) -> None:
        self._app = app
        self._tracer = tracer
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http" or not scope["path"].startswith(self._paths):
            await self._app(scope, receive, send)
            return
        method, path = scope["method"], scope["path"]
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        with self._tracer.start_as_current_span(
            f"{method} {next(filter(path.startswith, self._paths))}",
            _CONTEXT.extract(headers),
            SpanKind.SERVER,
            {"http.request.method": method, "url.path": path},
        ) as span:

            async def noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= _FAILED:
                        span.set_status(StatusCode.ERROR)
                await send(message)

            with traced_request(self._begin):
                await self._app(scope, receive, noted)

    @contextmanager
    def _begin(self, name: str, attributes: Attributes) -> Generator[Note]:
        with self._tracer.start_as_current_span(name, attributes=dict(attributes)) as span:
            yield span.set_attribute
