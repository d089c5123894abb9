"""Sends spans with OpenTelemetry's Python SDK: `python_sdk.py URL COUNT BATCH`. Prints the keys of what it sent."""

import sys
import time
from collections.abc import Sequence

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


def make(count: int) -> Sequence[ReadableSpan]:
    """Return spans as an application makes them: a request with nine steps, again and again."""
    collected = InMemorySpanExporter()
    provider = TracerProvider(resource=Resource.create({"service.name": "python-sdk"}))
    provider.add_span_processor(SimpleSpanProcessor(collected))
    tracer = provider.get_tracer("exporters", "1")
    for number in range(count // 10):
        with tracer.start_as_current_span(f"request {number}"):
            for step in range(9):
                with tracer.start_as_current_span(f"step {step}", attributes={"number": number, "text": "x" * 200}):
                    pass
    return collected.get_finished_spans()


def send(exporter: SpanExporter, spans: Sequence[ReadableSpan], batch: int) -> int:
    """Export spans; what the exporter gives up after its own retries is exported again, as often as it takes."""
    again = 0
    for start in range(0, len(spans), batch):
        while exporter.export(spans[start : start + batch]) is not SpanExportResult.SUCCESS:
            again += 1
    return again


def main(url: str, count: int, batch: int) -> None:
    """Send, and tell what was sent and how long that took."""
    spans = make(count)
    began = time.monotonic()
    again = send(OTLPSpanExporter(endpoint=url, timeout=5), spans, batch)
    seconds = time.monotonic() - began
    for span in spans:
        context = span.get_span_context()
        assert context is not None
        sys.stdout.write(f"{context.trace_id:032x}-{context.span_id:016x}\n")
    sys.stderr.write(f"{seconds:.2f} s of exporting; the exporter gave up {again} times\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
