"""OpenAI's client, instrumented by OpenInference."""

from common import QUESTION, TOOL, asked, provider
from openai import OpenAI
from openinference.instrumentation import using_attributes
from openinference.instrumentation.openai import OpenAIInstrumentor

OpenAIInstrumentor().instrument(tracer_provider=provider())


def ask(model: str) -> object:
    """Ask once."""
    with using_attributes(session_id="s-1", user_id="u-1", tags=["vip"], metadata={"plan": "gold"}):
        messages = [{"role": "user", "content": QUESTION}]
        return OpenAI(max_retries=0).chat.completions.create(model=model, messages=messages, tools=[TOOL])


asked(ask)
