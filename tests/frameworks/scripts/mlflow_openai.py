"""OpenAI's client, traced by MLflow, which exports over OTLP."""

import os

os.environ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = os.environ["SPANWELL_TRACES"]
os.environ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/protobuf"
os.environ["OTEL_SERVICE_NAME"] = os.environ["FRAMEWORK"]

import mlflow
import mlflow.openai
from common import QUESTION, TOOL, asked
from openai import OpenAI

mlflow.openai.autolog()


@mlflow.trace(span_type="TOOL")
def get_weather(city: str) -> str:
    """Return the weather of a city."""
    return f"sunny in {city}"


@mlflow.trace(span_type="AGENT")
def ask(model: str) -> object:
    """Ask once."""
    mlflow.update_current_trace(metadata={"mlflow.trace.session": "s-1", "mlflow.trace.user": "u-1"})
    messages = [{"role": "user", "content": QUESTION}]
    found = OpenAI(max_retries=0).chat.completions.create(model=model, messages=messages, tools=[TOOL])
    return get_weather("Oslo") + str(found.choices[0].message.content)


asked(ask)
mlflow.flush_trace_async_logging()
