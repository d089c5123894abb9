"""A crew of CrewAI, instrumented by OpenInference, with its calls of OpenAI's client."""

import os

os.environ.update(CREWAI_DISABLE_TELEMETRY="true", OTEL_SDK_DISABLED="false", CREWAI_TRACING_ENABLED="false")

from common import MODEL_URL, QUESTION, asked, get_weather, provider
from crewai import LLM, Agent, Crew, Task
from crewai.tools import tool
from openinference.instrumentation import using_attributes
from openinference.instrumentation.crewai import CrewAIInstrumentor
from openinference.instrumentation.openai import OpenAIInstrumentor

made = provider()
CrewAIInstrumentor().instrument(tracer_provider=made)
OpenAIInstrumentor().instrument(tracer_provider=made)


def ask(model: str) -> object:
    """Ask once."""
    chat = LLM(model=f"openai/{model}", base_url=MODEL_URL, api_key="x")
    agent = Agent(role="clerk", goal="answer", backstory="none", llm=chat, tools=[tool("get_weather")(get_weather)])
    task = Task(description=QUESTION, expected_output="a sentence", agent=agent)
    with using_attributes(session_id="s-1", user_id="u-1"):
        return Crew(agents=[agent], tasks=[task]).kickoff()


asked(ask)
