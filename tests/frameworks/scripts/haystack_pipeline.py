"""An agent of Haystack."""

import os

os.environ["HAYSTACK_CONTENT_TRACING_ENABLED"] = "true"

from common import MODEL_URL, QUESTION, asked, get_weather, provider

made = provider()

from haystack import tracing
from haystack.components.agents import Agent
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import create_tool_from_function
from haystack.utils import Secret
from haystack_integrations.tracing.opentelemetry import OpenTelemetryTracer

tracing.tracer.is_content_tracing_enabled = True
tracing.enable_tracing(OpenTelemetryTracer(made.get_tracer("haystack")))


def ask(model: str) -> object:
    """Ask once."""
    chat = OpenAIChatGenerator(model=model, api_base_url=MODEL_URL, api_key=Secret.from_token("x"), max_retries=0)
    agent = Agent(chat_generator=chat, tools=[create_tool_from_function(get_weather)])
    return agent.run(messages=[ChatMessage.from_user(QUESTION)])["messages"][-1]


asked(ask)
