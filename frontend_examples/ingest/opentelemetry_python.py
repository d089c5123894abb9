"""Send spans with OpenTelemetry's Python SDK, as any instrumented application does.

    pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http
    python opentelemetry_python.py [http://127.0.0.1:8000/v1/traces]

Expect the id of a trace and `everything is stored`. An application that is instrumented already needs no code at all:
`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:8000/v1/traces` in its environment is enough. In the playground,
`{ trace(traceId: "...") { name status totalTokens errorCount } }` says `POST /questions`, `SUCCESS`, 52 and 1: the tool
failed, the agent went on, and the exception is the tool's `errorInfo`.
"""

import sys

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/v1/traces"

provider = TracerProvider(
    resource=Resource.create({"service.name": "helpdesk", "deployment.environment.name": "example"})
)
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=URL)))
tracer = provider.get_tracer("examples", "1.0")


def look_up(question: str) -> str:
    """Search for an answer, in vain."""
    raise LookupError(f"nothing is known about {question!r}")


with tracer.start_as_current_span("POST /questions", kind=trace.SpanKind.SERVER) as root:
    root.set_attribute("user.id", "ann")
    try:
        with tracer.start_as_current_span("execute_tool search", attributes={"gen_ai.tool.name": "search"}):
            look_up("the moon")
    except LookupError:
        pass  # the span has recorded it
    with tracer.start_as_current_span("chat small-model", kind=trace.SpanKind.CLIENT) as chat:
        chat.set_attributes(
            {
                "gen_ai.operation.name": "chat",
                "gen_ai.request.model": "small-model",
                "gen_ai.usage.input_tokens": 40,
                "gen_ai.usage.output_tokens": 12,
            }
        )

stored = provider.force_flush()
provider.shutdown()
print(f"trace {root.get_span_context().trace_id:032x}")
print("everything is stored" if stored else "the server could not be reached in time")
