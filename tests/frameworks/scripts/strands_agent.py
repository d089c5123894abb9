"""An agent of Strands."""

from common import MODEL_URL, QUESTION, asked, get_weather, provider
from strands import Agent, tool
from strands.models.openai import OpenAIModel

provider()


def ask(model: str) -> object:
    """Ask once."""
    chat = OpenAIModel(client_args={"api_key": "x", "base_url": MODEL_URL, "max_retries": 0}, model_id=model)
    attributes = {"session.id": "s-1", "user.id": "u-1"}
    return Agent(model=chat, tools=[tool(get_weather)], callback_handler=None, trace_attributes=attributes)(QUESTION)


asked(ask)
