"""An agent of LangChain, instrumented by OpenInference."""

from common import QUESTION, asked, get_weather, provider
from langchain_openai import ChatOpenAI
from langgraph.prebuilt import create_react_agent
from openinference.instrumentation.langchain import LangChainInstrumentor

LangChainInstrumentor().instrument(tracer_provider=provider())


def ask(model: str) -> object:
    """Ask once."""
    agent = create_react_agent(ChatOpenAI(model=model, max_retries=0), [get_weather])
    config = {"configurable": {"thread_id": "s-1"}, "metadata": {"session_id": "s-1", "user_id": "u-1"}}
    return agent.invoke({"messages": [("user", QUESTION)]}, config)["messages"][-1].content


asked(ask)
