"""An agent of smolagents, instrumented by OpenInference."""

from common import MODEL_URL, QUESTION, asked, get_weather, provider
from openinference.instrumentation import using_attributes
from openinference.instrumentation.smolagents import SmolagentsInstrumentor
from smolagents import OpenAIServerModel, ToolCallingAgent, tool

SmolagentsInstrumentor().instrument(tracer_provider=provider())


def ask(model: str) -> object:
    """Ask once."""
    chat = OpenAIServerModel(model_id=model, api_base=MODEL_URL, api_key="x")
    with using_attributes(session_id="s-1", user_id="u-1"):
        return ToolCallingAgent(tools=[tool(get_weather)], model=chat, max_steps=2).run(QUESTION)


asked(ask)
