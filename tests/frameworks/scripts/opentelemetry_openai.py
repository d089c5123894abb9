"""OpenAI's client, instrumented by OpenTelemetry itself, with contents in its spans or its logs."""

import os

os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true"

from common import QUESTION, TOOL, asked, export_logs, provider
from openai import OpenAI
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor

export_logs()
OpenAIInstrumentor().instrument(tracer_provider=provider())


def ask(model: str) -> object:
    """Ask once."""
    messages = [{"role": "user", "content": QUESTION}]
    return OpenAI(max_retries=0).chat.completions.create(model=model, messages=messages, tools=[TOOL])


asked(ask)
