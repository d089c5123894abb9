"""A program of DSPy, instrumented by OpenInference."""

import dspy
from common import MODEL_URL, QUESTION, asked, provider
from openinference.instrumentation import using_attributes
from openinference.instrumentation.dspy import DSPyInstrumentor

DSPyInstrumentor().instrument(tracer_provider=provider())


def ask(model: str) -> object:
    """Ask once."""
    chat = dspy.LM(f"openai/{model}", api_base=MODEL_URL, api_key="x", cache=False, num_retries=0)
    with using_attributes(session_id="s-1", user_id="u-1"):
        return chat(QUESTION)


asked(ask)
