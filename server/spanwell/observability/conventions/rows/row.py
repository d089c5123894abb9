"""What a row of the tables says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """Some attributes of one source that fill a field, the best first.

    A `*` in a key stands for any one name, at the end of a key for all that follows. A path leads into the value, which
    may be an object or JSON in a text, as a JSON Pointer whose `*` stands for each element or member; an empty path is
    JSON in a text as a whole. `unit` says what numbers count, where a field counts otherwise.
    """

    field: str
    source: str
    keys: tuple[str, ...]
    paths: tuple[str, ...] = ()
    unit: str = ""


def row(field: str, source: str, *keys: str, path: str | Sequence[str] = (), unit: str = "") -> Row:
    """Return a row."""
    return Row(field, source, keys, (path,) if isinstance(path, str) else tuple(path), unit)


@dataclass(frozen=True)
class Way:
    """One attribute that may hold a field; `path` is None for its value as it is."""

    key: str
    path: tuple[str, ...] | None = None
    unit: str = ""


def ways_of(rows: Iterable[Row]) -> Mapping[str, tuple[Way, ...]]:
    """Return for each field the ways to fill it, in the order of the rows."""
    found: dict[str, list[Way]] = {}
    for each in rows:
        paths: list[tuple[str, ...] | None] = [tuple(path.split("/")[1:]) for path in each.paths]
        paths = paths or [None]
        found.setdefault(each.field, []).extend(Way(key, path, each.unit) for key in each.keys for path in paths)
    return {field: tuple(ways) for field, ways in found.items()}


SOURCES: Mapping[str, str] = {
    "OpenTelemetry": "https://github.com/open-telemetry/semantic-conventions-genai",
    "OpenInference": "https://github.com/Arize-ai/openinference/tree/main/spec",
    "Mastra": "https://mastra.ai/docs/observability/tracing/overview",
    "Vercel AI SDK": "https://ai-sdk.dev/docs/ai-sdk-core/telemetry",
    "OpenLLMetry": "https://github.com/traceloop/openllmetry",
    "Langfuse": "https://langfuse.com/integrations/native/opentelemetry",
    "Pydantic AI": "https://pydantic.dev/docs/ai/integrations/logfire/",
    "Logfire": "https://pydantic.dev/docs/logfire/",
    "Google ADK": "https://github.com/google/adk-python",
    "MLflow": "https://mlflow.org/docs/latest/genai/tracing/",
    "Claude Code": "https://code.claude.com/docs/en/monitoring-usage",
    "Strands": "https://strandsagents.com/docs/user-guide/observability-evaluation/traces/",
    "LiveKit": "https://github.com/livekit/agents",
    "Haystack": "https://docs.haystack.deepset.ai/docs/tracing",
    "Spring AI": "https://docs.spring.io/spring-ai/reference/observability/index.html",
    "Semantic Kernel": "https://github.com/microsoft/semantic-kernel",
    "OpenLIT": "https://github.com/openlit/openlit",
    "LangSmith": "https://docs.langchain.com/langsmith/trace-with-opentelemetry",
    "LangGraph": "https://docs.langchain.com/langgraph/",
    "Braintrust": "https://www.braintrust.dev/docs/integrations/sdk-integrations/opentelemetry",
    "LiteLLM": "https://docs.litellm.ai/docs/observability/opentelemetry_integration",
    "Genkit": "https://genkit.dev/docs/observability/",
    "AgentOps": "https://github.com/AgentOps-AI/agentops",
    "Prompt flow": "https://microsoft.github.io/promptflow/reference/trace-span-spec-reference.html",
    "Opik": "https://www.comet.com/docs/opik/",
    "CrewAI": "https://github.com/crewAIInc/crewAI",
    "AutoGen": "https://github.com/microsoft/autogen",
    "Bedrock AgentCore": "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/observability-configure.html",
}
"""Where what a source calls its attributes can be looked up."""
