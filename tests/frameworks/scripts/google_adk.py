"""An agent of Google's ADK, with a model by LiteLLM; its log records name the user."""

import asyncio
import os

os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_AND_EVENT"

from common import MODEL_URL, QUESTION, asked, export_logs, get_weather, provider

provider()
export_logs()

from google.adk.agents import LlmAgent
from google.adk.models.lite_llm import LiteLlm
from google.adk.runners import InMemoryRunner
from google.genai import types


async def run(model: str) -> object:
    """Ask once."""
    chat = LiteLlm(model=f"openai/{model}", api_base=MODEL_URL, api_key="x", num_retries=0)
    runner = InMemoryRunner(LlmAgent(name="clerk", model=chat, tools=[get_weather]), app_name="app")
    session = await runner.session_service.create_session(app_name="app", user_id="u-1", session_id=f"s-{model}")
    message = types.Content(role="user", parts=[types.Part(text=QUESTION)])
    events = [each async for each in runner.run_async(user_id="u-1", session_id=session.id, new_message=message)]
    return str(events[-1].content)


asked(lambda model: asyncio.run(run(model)))
