"""A model of LlamaIndex with a tool, instrumented by OpenInference."""

from common import MODEL_URL, QUESTION, asked, get_weather, provider
from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai_like import OpenAILike
from openinference.instrumentation import using_attributes
from openinference.instrumentation.llama_index import LlamaIndexInstrumentor

LlamaIndexInstrumentor().instrument(tracer_provider=provider())


def ask(model: str) -> object:
    """Ask once."""
    chat = OpenAILike(
        model=model,
        api_base=MODEL_URL,
        api_key="x",
        is_chat_model=True,
        is_function_calling_model=True,
        max_retries=0,
    )
    tool = FunctionTool.from_defaults(get_weather)
    with using_attributes(session_id="s-1", user_id="u-1"):
        response = chat.chat_with_tools([tool], user_msg=QUESTION)
        for call in chat.get_tool_calls_from_response(response, error_on_no_tool_call=False):
            tool.call(**call.tool_kwargs)
        return chat.chat([ChatMessage(role="user", content=QUESTION)]).message.content


asked(ask)
