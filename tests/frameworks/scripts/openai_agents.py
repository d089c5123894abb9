"""An agent of OpenAI's Agents SDK, instrumented by OpenInference."""

from agents import Agent, ModelSettings, OpenAIChatCompletionsModel, Runner, function_tool
from common import QUESTION, asked, get_weather, provider
from openai import AsyncOpenAI
from openinference.instrumentation import using_attributes
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor

OpenAIAgentsInstrumentor().instrument(tracer_provider=provider())


def ask(model: str) -> object:
    """Ask once."""
    chat = OpenAIChatCompletionsModel(model=model, openai_client=AsyncOpenAI(max_retries=0))
    agent = Agent(name="clerk", model=chat, tools=[function_tool(get_weather)], model_settings=ModelSettings())
    with using_attributes(session_id="s-1", user_id="u-1"):
        return Runner.run_sync(agent, QUESTION).final_output


asked(ask)
