"""An agent of Pydantic AI."""

from common import MODEL_URL, QUESTION, asked, get_weather, provider
from pydantic_ai import Agent, InstrumentationSettings
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

Agent.instrument_all(InstrumentationSettings(tracer_provider=provider()))


def ask(model: str) -> object:
    """Ask once."""
    chat = OpenAIChatModel(model, provider=OpenAIProvider(base_url=MODEL_URL, api_key="x"))
    agent = Agent(chat, tools=[get_weather], name="clerk", metadata={"user_id": "u-1", "session_id": "s-1"})
    return agent.run_sync(QUESTION).output


asked(ask)
