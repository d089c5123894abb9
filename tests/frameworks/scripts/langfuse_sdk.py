"""Langfuse's SDK with its client of OpenAI; its spans go to the global provider."""

import os

from common import QUESTION, TOOL, asked, provider

os.environ |= {"LANGFUSE_PUBLIC_KEY": "pk", "LANGFUSE_SECRET_KEY": "sk", "LANGFUSE_HOST": "http://127.0.0.1:9"}
made = provider()

from langfuse import Langfuse, observe, propagate_attributes
from langfuse.openai import OpenAI

client = Langfuse(tracer_provider=made)


@observe(as_type="tool")
def get_weather(city: str) -> str:
    """Return the weather of a city."""
    return f"sunny in {city}"


@observe(as_type="agent", name="clerk")
def ask(model: str) -> object:
    """Ask once."""
    with propagate_attributes(session_id="s-1", user_id="u-1", tags=["vip"]):
        messages = [{"role": "user", "content": QUESTION}]
        found = OpenAI(max_retries=0).chat.completions.create(model=model, messages=messages, tools=[TOOL])
        return get_weather("Oslo") + str(found.choices[0].message.content)


asked(ask)
