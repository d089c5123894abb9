"""The attributes in which semantic conventions put what a span was given and what it returned, the best first."""

INPUTS = (
    "input.value",
    "gen_ai.input.messages",
    "gen_ai.tool.call.arguments",
    "gen_ai.prompt",
    "langfuse.observation.input",
    "traceloop.entity.input",
    "ai.prompt.messages",
    "ai.prompt",
    "ai.toolCall.args",
    "ai.value",
)
OUTPUTS = (
    "output.value",
    "gen_ai.output.messages",
    "gen_ai.tool.call.result",
    "gen_ai.completion",
    "langfuse.observation.output",
    "traceloop.entity.output",
    "ai.response.text",
    "ai.response.object",
    "ai.response.toolCalls",
    "ai.toolCall.result",
)

KEYS = frozenset((*INPUTS, *OUTPUTS))
"""The keys of both."""

MASTRA = "mastra."
"""What Mastra's own keys begin with."""

_MASTRA_ENDS = (".input", ".output")


def is_of_mastra(key: str, side: str) -> bool:
    """Return whether a key is one of Mastra's for a side, such as `mastra.model_generation.input`."""
    return key.startswith(MASTRA) and key.endswith(f".{side}")


def holds_contents(key: str) -> bool:
    """Return whether an attribute of some key may hold all that a span was given, or all that it returned."""
    return key in KEYS or (key.startswith(MASTRA) and key.endswith(_MASTRA_ENDS))
