"""OpenAI's client, instrumented by OpenLIT."""

import os

os.environ["OTEL_SERVICE_NAME"] = os.environ["FRAMEWORK"]

import openlit
from common import QUESTION, TOOL, asked
from openai import OpenAI

openlit.init(
    otlp_endpoint=os.environ["SPANWELL_TRACES"].removesuffix("/v1/traces"),
    disable_batch=True,
    disable_metrics=True,
    application_name=os.environ["FRAMEWORK"],
    disabled_instrumentors=["agno"],  # it cannot be imported on every Python
)


def ask(model: str) -> object:
    """Ask once."""
    messages = [{"role": "user", "content": QUESTION}]
    return OpenAI(max_retries=0).chat.completions.create(model=model, messages=messages, tools=[TOOL])


asked(ask)
