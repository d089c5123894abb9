"""OpenAI's client, instrumented by OpenLLMetry."""

from common import QUESTION, TOOL, asked, provider
from openai import OpenAI
from opentelemetry.instrumentation.openai import OpenAIInstrumentor

OpenAIInstrumentor().instrument(tracer_provider=provider())


def ask(model: str) -> object:
    """Ask once."""
    messages = [{"role": "user", "content": QUESTION}]
    return OpenAI(max_retries=0).chat.completions.create(model=model, messages=messages, tools=[TOOL])


asked(ask)
