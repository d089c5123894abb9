"""LiteLLM with its own callback of OpenTelemetry."""

import os

os.environ.update(
    OTEL_EXPORTER="otlp_http",
    OTEL_ENDPOINT=os.environ["SPANWELL_TRACES"],
    OTEL_EXPORTER_OTLP_ENDPOINT=os.environ["SPANWELL_TRACES"].removesuffix("/v1/traces"),
    OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf",
    OTEL_SERVICE_NAME=os.environ["FRAMEWORK"],
)

import time

import litellm
from common import MODEL_URL, QUESTION, TOOL, asked

litellm.callbacks = ["otel"]


def ask(model: str) -> object:
    """Ask once."""
    messages = [{"role": "user", "content": QUESTION}]
    return litellm.completion(
        f"openai/{model}", messages=messages, tools=[TOOL], api_base=MODEL_URL, api_key="x", num_retries=0, user="u-1"
    )


asked(ask)
time.sleep(8)
