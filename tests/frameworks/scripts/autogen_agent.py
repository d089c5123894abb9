"""An agent of AutoGen."""

import asyncio

from common import MODEL_URL, QUESTION, asked, export_logs, get_weather, provider

provider()
export_logs()

from autogen_agentchat.agents import AssistantAgent
from autogen_ext.models.openai import OpenAIChatCompletionClient

INFO = {"vision": False, "function_calling": True, "json_output": False, "family": "gpt-4o", "structured_output": False}


async def run(model: str) -> object:
    """Ask once."""
    chat = OpenAIChatCompletionClient(model=model, base_url=MODEL_URL, api_key="x", model_info=INFO, max_retries=0)
    agent = AssistantAgent("clerk", model_client=chat, tools=[get_weather], reflect_on_tool_use=True)
    return (await agent.run(task=QUESTION)).messages[-1]


asked(lambda model: asyncio.run(run(model)))
