"""A chat of Semantic Kernel with a plugin."""

import asyncio
import os

os.environ["SEMANTICKERNEL_EXPERIMENTAL_GENAI_ENABLE_OTEL_DIAGNOSTICS"] = "true"
os.environ["SEMANTICKERNEL_EXPERIMENTAL_GENAI_ENABLE_OTEL_DIAGNOSTICS_SENSITIVE"] = "true"

from common import QUESTION, asked, export_logs, provider

provider()
export_logs()

from openai import AsyncOpenAI
from semantic_kernel import Kernel
from semantic_kernel.agents import ChatCompletionAgent
from semantic_kernel.connectors.ai.open_ai import OpenAIChatCompletion
from semantic_kernel.functions import kernel_function


class Weather:
    """A plugin."""

    @kernel_function(name="get_weather", description="Return the weather of a city.")
    def get_weather(self, city: str) -> str:
        """Return the weather of a city."""
        return f"sunny in {city}"


async def run(model: str) -> object:
    """Ask once."""
    chat = OpenAIChatCompletion(ai_model_id=model, async_client=AsyncOpenAI(max_retries=0))
    agent = ChatCompletionAgent(kernel=Kernel(), service=chat, name="clerk", plugins=[Weather()])
    return await agent.get_response(messages=QUESTION)


asked(lambda model: asyncio.run(run(model)))
