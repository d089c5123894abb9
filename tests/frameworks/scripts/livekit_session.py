"""A session of LiveKit without a room: a user types, the agent calls a tool and answers."""

import asyncio

from common import QUESTION, asked, provider
from livekit.agents import Agent, AgentSession, function_tool
from livekit.agents.telemetry import set_tracer_provider
from livekit.plugins import openai

set_tracer_provider(provider())


class Clerk(Agent):
    """An agent with a tool."""

    @function_tool
    async def get_weather(self, city: str) -> str:
        """Return the weather of a city."""
        return f"sunny in {city}"


async def run(model: str) -> object:
    """Ask once."""
    async with AgentSession(llm=openai.LLM(model=model)) as session:
        await session.start(Clerk(instructions="Be short."))
        result = await session.run(user_input=QUESTION)
        return result.events[-1]


asked(lambda model: asyncio.run(run(model)))
