"""What all programs share: where spans go to, and a question that is asked twice."""

import logging
import os
from collections.abc import Callable
from typing import Any

from opentelemetry import trace
from opentelemetry._logs import set_logger_provider
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

QUESTION = "What is the weather in Oslo?"
MODEL = "gpt-4o-mini"
MODEL_URL = os.environ["OPENAI_BASE_URL"]


def provider() -> TracerProvider:
    """Return the global provider, which exports to the server."""
    made = TracerProvider(resource=Resource({"service.name": os.environ["FRAMEWORK"]}))
    made.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(os.environ["SPANWELL_TRACES"])))
    trace.set_tracer_provider(made)
    return made


def export_logs(level: int = logging.INFO) -> None:
    """Export what is logged from now on, for frameworks that put contents into logs."""
    made = LoggerProvider(resource=Resource({"service.name": os.environ["FRAMEWORK"]}))
    exporter = OTLPLogExporter(os.environ["SPANWELL_TRACES"].replace("/v1/traces", "/v1/logs"))
    made.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    set_logger_provider(made)
    handler = LoggingHandler(logger_provider=made)
    handler.setFormatter(logging.Formatter("%(message)s"))  # what is logged need not be text
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(level)


def get_weather(city: str) -> str:
    """Return the weather of a city.

    Args:
        city: The city.
    """
    return f"sunny in {city}"


def asked(ask: Callable[[str], Any]) -> None:
    """Ask a model, and one that is broken."""
    print(ask(MODEL))
    try:
        ask("broken-model")
    except Exception as error:  # noqa: BLE001 - whatever the framework makes of it
        print("failed as it should:", type(error).__name__)


TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Return the weather of a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
