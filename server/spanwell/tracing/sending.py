"""Sends the server's spans to where they are wanted: its own store, or a receiver of OTLP."""

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from threading import Thread
from typing import Any, TypeAlias

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.environment_variables import OTEL_SERVICE_NAME
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from starlette.types import ASGIApp
from typing_extensions import override

from spanwell import __version__

from .requests import TracedRequests

_log = logging.getLogger(__name__)

SELF = "self"
"""Where a server sends its spans that stores them itself."""

Store: TypeAlias = Callable[[ExportTraceServiceRequest], Coroutine[Any, Any, object]]
"""Stores an export; called in the SDK's thread, what it returns is awaited in the server's event loop."""
Wrap: TypeAlias = Callable[[ASGIApp], ASGIApp]

_PATIENCE = 10.0
"""Seconds for which the store may be busy before spans are given up."""
_LAST = 2.0
"""Seconds that the end of a server waits for its last spans to be sent."""


class IntoStore(SpanExporter):
    """Stores spans in the server's own store, whose event loop is another thread's."""

    def __init__(self, store: Store, loop: asyncio.AbstractEventLoop) -> None:
        self._store = store
        self._loop = loop

    @override
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Store spans, in the SDK's thread."""
        creating = self._store(encode_spans(spans))
        try:
            storing = asyncio.run_coroutine_threadsafe(creating, self._loop)
        except RuntimeError:  # the loop has ended, and the server with it
            creating.close()
            return SpanExportResult.FAILURE
        try:
            storing.result(_PATIENCE)
        except Exception as error:  # noqa: BLE001 - whatever it is, the server goes on without these spans
            _log.warning("Spans of the server itself were not stored: %s.", type(error).__name__)
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS


@asynccontextmanager
async def sending(to: str, store: Store, paths: tuple[str, ...]) -> AsyncGenerator[Wrap]:
    """Give what wraps an application so that its requests below some paths are traced, until the block ends."""
    name = os.environ.get(OTEL_SERVICE_NAME, "spanwell")
    resource = Resource.create({SERVICE_NAME: name, SERVICE_VERSION: __version__})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(_exporter(to, store)))
    tracer = provider.get_tracer("spanwell", __version__)
    try:
        yield lambda app: TracedRequests(app, tracer, paths)
    finally:
        await _end(provider)


def _exporter(to: str, store: Store) -> SpanExporter:
    if to == SELF:
        return IntoStore(store, asyncio.get_running_loop())
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - it is slow to load

    return OTLPSpanExporter(endpoint=to)


async def _end(provider: TracerProvider) -> None:
    """Send the last spans, for which the event loop goes on; a receiver that does not answer is not waited for."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()

    def end() -> None:
        provider.shutdown()
        with suppress(RuntimeError):  # the loop has not waited
            loop.call_soon_threadsafe(ended.set)

    Thread(target=end, daemon=True).start()
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST):
            await ended.wait()
