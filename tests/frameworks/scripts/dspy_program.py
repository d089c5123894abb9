"""A program of DSPy, instrumented by OpenInference, with LiteLLM below it."""

import dspy
from common import MODEL_URL, QUESTION, asked, provider
from openinference.instrumentation import using_attributes
from openinference.instrumentation.dspy import DSPyInstrumentor
from openinference.instrumentation.litellm import LiteLLMInstrumentor

made = provider()
DSPyInstrumentor().instrument(tracer_provider=made)
LiteLLMInstrumentor().instrument(tracer_provider=made)  # which alone tells tokens


def ask(model: str) -> object:
    """Ask once."""
    chat = dspy.LM(f"openai/{model}", api_base=MODEL_URL, api_key="x", cache=False, num_retries=0)
    with using_attributes(session_id="s-1", user_id="u-1"):
        return chat(QUESTION)


asked(ask)
