"""OpenAI's client, instrumented by OpenTelemetry itself, with contents in its spans or its logs."""

import os

os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true"

from common import QUESTION, TOOL, asked, provider
from openai import OpenAI
from opentelemetry._logs import set_logger_provider
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor

logs = LoggerProvider()
logs.add_log_record_processor(
    SimpleLogRecordProcessor(OTLPLogExporter(os.environ["SPANWELL_TRACES"].replace("traces", "logs")))
)
set_logger_provider(logs)
OpenAIInstrumentor().instrument(tracer_provider=provider())


def ask(model: str) -> object:
    """Ask once."""
    messages = [{"role": "user", "content": QUESTION}]
    return OpenAI(max_retries=0).chat.completions.create(model=model, messages=messages, tools=[TOOL])


asked(ask)
