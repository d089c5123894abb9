"""Attributes in which conventions put what a span was given and what it returned.

Any of them may come spelled out, as `<key>.<number>.<rest>`.
"""

import re
from collections.abc import Mapping

from .row import Row, row

INPUTS: tuple[Row, ...] = (
    row("input", "OpenInference", "input.value"),
    row("input", "OpenTelemetry", "gen_ai.input.messages", "gen_ai.tool.call.arguments", "gen_ai.retrieval.query.text"),
    row("input", "OpenTelemetry", "gen_ai.memory.query.text", "gen_ai.prompt", "gen_ai.content.prompt"),
    row("input", "Langfuse", "langfuse.observation.input", "langfuse.trace.input"),
    row("input", "OpenLLMetry", "traceloop.entity.input", path=""),
    row("input", "Mastra", "mastra.*.input"),
    row("input", "Vercel AI SDK", "ai.prompt.messages", "ai.prompt", "ai.toolCall.args"),
    row("input", "Vercel AI SDK", "ai.value", path=""),
    row("input", "Vercel AI SDK", "ai.values", "ai.documents", path="/*"),
    row("input", "MLflow", "mlflow.spanInputs", path=""),
    row("input", "Pydantic AI", "pydantic_ai.all_messages", "all_messages_events", "tool_arguments"),
    row("input", "Google ADK", "gcp.vertex.agent.llm_request", "gcp.vertex.agent.tool_call_args"),
    row("input", "Google ADK", "gcp.vertex.agent.data"),
    row("input", "Claude Code", "user_prompt", "tool_input", "new_context"),
    row("input", "LiveKit", "lk.chat_ctx", "lk.user_input", "lk.function_tool.arguments", "lk.input_text"),
    row("input", "LiveKit", "lk.pii.chat_ctx", "lk.pii.user_input", "lk.pii.function_tool.arguments"),
    row("input", "LiveKit", "lk.pii.input_text"),
    row("input", "Haystack", "haystack.component.input", "haystack.pipeline.input_data"),
    row("input", "Spring AI", "spring.ai.tool.call.arguments", "db.vector.query.content"),
    row("input", "CrewAI", "crewai.task.description", "crewai.knowledge.query", "crewai.memory.query"),
    row("input", "Braintrust", "braintrust.input_json", "braintrust.input"),
    row("input", "Logfire", "request_data"),
    row("input", "Genkit", "genkit:input"),
    row("input", "AgentOps", "agentops.entity.input"),
    row("input", "Prompt flow", "inputs"),
    row("input", "OpenInference", "llm.input_messages", "llm.prompts", "reranker.query"),
    row("input", "OpenInference", "embedding.embeddings", path="/*/embedding/text"),
    row("input", "OpenInference", "embedding.text"),
)
OUTPUTS: tuple[Row, ...] = (
    row("output", "OpenInference", "output.value"),
    row("output", "OpenTelemetry", "gen_ai.output.messages", "gen_ai.tool.call.result", "gen_ai.retrieval.documents"),
    row("output", "OpenTelemetry", "gen_ai.memory.records", "gen_ai.completion", "gen_ai.content.completion"),
    row("output", "Langfuse", "langfuse.observation.output", "langfuse.trace.output"),
    row("output", "OpenLLMetry", "traceloop.entity.output", "mcp.response.value", path=""),
    row("output", "Mastra", "mastra.*.output"),
    row("output", "Vercel AI SDK", "ai.response.text", "ai.response.object", "ai.response.toolCalls"),
    row("output", "Vercel AI SDK", "ai.result.text", "ai.result.object", "ai.result.toolCalls", "ai.toolCall.result"),
    row("output", "Vercel AI SDK", "ai.ranking", path="/*"),
    row("output", "MLflow", "mlflow.spanOutputs", path=""),
    row("output", "Pydantic AI", "final_result", "tool_response"),
    row("output", "Google ADK", "gcp.vertex.agent.llm_response", "gcp.vertex.agent.tool_response"),
    row("output", "Claude Code", "response.model_output", "tool_output"),
    row("output", "LiveKit", "lk.response.text", "lk.response.function_calls", "lk.function_tool.output"),
    row("output", "LiveKit", "lk.user_transcript"),
    row("output", "LiveKit", "lk.pii.response.text", "lk.pii.response.function_calls", "lk.pii.function_tool.output"),
    row("output", "LiveKit", "lk.pii.user_transcript"),
    row("output", "Haystack", "haystack.component.output", "haystack.pipeline.output_data"),
    row("output", "Spring AI", "spring.ai.tool.call.result", "db.vector.query.response.documents"),
    row("output", "OpenLIT", "gen_ai.response.tool_calls"),
    row("output", "CrewAI", "crewai.knowledge.retrieved_knowledge", "crewai.memory.results"),
    row("output", "Braintrust", "braintrust.output_json", "braintrust.output"),
    row("output", "Logfire", "response_data"),
    row("output", "Genkit", "genkit:output"),
    row("output", "AgentOps", "agentops.entity.output"),
    row("output", "Prompt flow", "output"),
    row("output", "OpenInference", "llm.output_messages", "llm.choices", "retrieval.documents"),
    row("output", "OpenInference", "reranker.output_documents"),
)

CALLS: Mapping[str, str] = {
    "ai.response.text": "ai.response.toolCalls",
    "ai.result.text": "ai.result.toolCalls",
    "lk.response.text": "lk.response.function_calls",
    "lk.pii.response.text": "lk.pii.response.function_calls",
    "gen_ai.completion": "gen_ai.response.tool_calls",
}
"""Where calls of tools stand beside a text: both together are one message of the assistant."""

IN_EVENTS = "events"
"""The attribute in which Pydantic AI keeps what others put into the events of the span, as JSON in a text."""

_LLM, _TOOL = "autogen_core.events.LLM", "autogen_core.events.ToolCall"
IN_LOGS: Mapping[str, Mapping[str, str]] = {
    f"{_LLM}Call": {"input": "messages", "output": "response"},
    f"{_LLM}StreamStart": {"input": "messages"},
    f"{_LLM}StreamEnd": {"output": "response"},
    _TOOL: {"input": "arguments", "output": "result"},
}
"""Log records of AutoGen, by their logger and type, and the members of their body that are contents."""

SIDES: Mapping[str, tuple[Row, ...]] = {"input": INPUTS, "output": OUTPUTS}

_SHAPES: Mapping[str, re.Pattern[str]] = {
    "input": re.compile(
        r"(?:^|[._:])(?:inputs?|prompts?|messages|(?:inputs?|prompts?|request)[._]messages|input[._](?:data|text))$"
        r"|(?:tool|function|call)[._](?:args|arguments|params)$|[._]query[._](?:text|content)$"
    ),
    "output": re.compile(
        r"(?:^|[._:])(?:outputs?|completions?|choices|(?:retrieval|result|output|retrieved)s?[._]documents)$"
        r"|(?:^|[._:])(?:outputs?|completions?|response)[._]messages$|[._](?:output|response)[._](?:data|text)$"
        r"|[._](?:actual|final)[._](?:output|result|response)$"
        r"|(?:tool|function|call|agent|task|crew|flow|workflow|method)[._](?:result|response)$"
    ),
}
"""What the contents of a span are called, under whatever prefix."""
_NO_CONTENTS = re.compile(r"usage|tokens?\b|costs?\b|price|metadata|definitions")


def side_by_shape(name: str) -> str | None:
    """Return whether an attribute is what a span was given or what it returned, by its name."""
    if _NO_CONTENTS.search(name):
        return None
    return next((side for side in ("output", "input") if _SHAPES[side].search(name)), None)


_KEYS = frozenset(key for rows in SIDES.values() for each in rows for key in each.keys)
_MASTRA, _MASTRA_ENDS = "mastra.", (".input", ".output")


def holds_contents(key: str) -> bool:
    """Return whether an attribute of some key may hold all that a span was given, or all that it returned."""
    return key in _KEYS or (key.startswith(_MASTRA) and key.endswith(_MASTRA_ENDS))
