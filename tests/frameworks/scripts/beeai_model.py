"""A model of BeeAI, instrumented by OpenInference."""

import asyncio

from common import QUESTION, asked, provider
from openinference.instrumentation import using_attributes
from openinference.instrumentation.beeai import BeeAIInstrumentor

BeeAIInstrumentor().instrument(tracer_provider=provider())

from beeai_framework.backend import ChatModel, UserMessage


async def run(model: str) -> object:
    """Ask once."""
    with using_attributes(session_id="s-1", user_id="u-1"):
        return (await ChatModel.from_name(f"openai:{model}").run([UserMessage(QUESTION)])).get_text_content()


asked(lambda model: asyncio.run(run(model)))
