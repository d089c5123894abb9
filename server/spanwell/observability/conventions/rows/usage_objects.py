"""Attributes that hold all tokens of a call as one object, and what its members may be called.

The names are those of Mastra and the AI SDK, Langfuse, Braintrust, LiveKit and MLflow, and of the models' own APIs:
https://developers.openai.com/api/reference/
https://platform.claude.com/docs/en/build-with-claude/prompt-caching
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
https://ai.google.dev/api/generate-content#UsageMetadata
"""

from collections.abc import Mapping, Sequence

from .row import Row, row

OBJECTS: tuple[Row, ...] = (
    row("usage", "MLflow", "mlflow.chat.tokenUsage", path="", unit="inside"),
    row("usage", "Langfuse", "langfuse.observation.usage_details", "langfuse.observation.usage", path="", unit="apart"),
    row("usage", "Braintrust", "braintrust.metrics", path=""),
    row("usage", "LiveKit", "lk.llm_metrics", "lk.realtime_model_metrics", path=""),
    row("usage", "Google ADK", "gcp.vertex.agent.llm_response", path="/usage_metadata"),
    row("usage", "Logfire", "response_data", path="/usage"),
    row(
        "usage",
        "Haystack",
        *("haystack.component.output", "haystack.agent.step.llm.output"),
        path=("/replies/0/meta/usage", "/meta/0/usage"),
    ),
    row("usage", "LangSmith", "langsmith.usage_metadata", path="", unit="inside"),
    row("usage", "CrewAI", "crewai.crew.usage_metrics", path=""),
    row("usage", "Mastra", "usage", path=""),
)
"""Attributes that hold such an object.

With `inside`, its input includes what was cached, whatever that is called. With `apart`, each token is counted in one
member only, so that the input is the sum of the members that have `input` in their names; the output likewise.
"""

MEMBERS: Mapping[str, Sequence[str]] = {
    "input_tokens": [
        "inputTokens",
        "promptTokens",
        "input_tokens",
        "prompt_tokens",
        "prompt_token_count",
        "promptTokenCount",
        "input",
        "inputTokenCount",
    ],
    "output_tokens": [
        "outputTokens",
        "completionTokens",
        "output_tokens",
        "completion_tokens",
        "candidates_token_count",
        "candidatesTokenCount",
        "output",
        "outputTokenCount",
    ],
    "total_tokens": [
        "totalTokens",
        "total_tokens",
        "total_token_count",
        "totalTokenCount",
        "total",
        "tokens",
    ],
    "cached_input_tokens": [
        "inputDetails/cacheRead",
        "inputTokenDetails/cacheReadTokens",
        "cachedInputTokens",
        "promptCacheHitTokens",
        "prompt_cache_hit_tokens",
        "prompt_tokens_details/cached_tokens",
        "input_tokens_details/cached_tokens",
        "input_token_details/cache_read",
        "prompt_cached_tokens",
        "cached_prompt_tokens",
        "cached_content_token_count",
        "cachedContentTokenCount",
        "cached_tokens",
        "cache_read_input_tokens",
        "cacheReadInputTokens",
        "cacheReadInputTokenCount",
        "cache_read_tokens",
        "input_cached_tokens",
        "input_cache_read",
    ],
    "cache_write_input_tokens": [
        "inputDetails/cacheWrite",
        "inputTokenDetails/cacheWriteTokens",
        "cacheCreationInputTokens",
        "prompt_cache_creation_tokens",
        "prompt_tokens_details/cache_write_tokens",
        "input_token_details/cache_creation",
        "cache_creation_input_tokens",
        "cacheWriteInputTokens",
        "cacheWriteInputTokenCount",
        "cache_write_tokens",
        "cache_creation_tokens",
        "input_cache_creation",
    ],
    "reasoning_tokens": [
        "outputDetails/reasoning",
        "outputTokenDetails/reasoningTokens",
        "reasoningTokens",
        "completion_tokens_details/reasoning_tokens",
        "output_tokens_details/reasoning_tokens",
        "output_token_details/reasoning",
        "completion_reasoning_tokens",
        "output_reasoning_tokens",
        "output_reasoning",
        "reasoning_tokens",
        "thoughts_token_count",
        "thoughtsTokenCount",
    ],
    "audio_input_tokens": [
        "inputDetails/audio",
        "prompt_tokens_details/audio_tokens",
        "input_token_details/audio_tokens",
        "input_token_details/audio",
        "input_audio_tokens",
        "input_audio",
    ],
    "audio_output_tokens": [
        "outputDetails/audio",
        "completion_tokens_details/audio_tokens",
        "output_token_details/audio_tokens",
        "output_token_details/audio",
        "output_audio_tokens",
        "output_audio",
    ],
}
"""For each field the members that state it, the best first."""

BESIDE = frozenset(
    {
        "cacheReadInputTokenCount",
        "cacheReadInputTokens",
        "cacheWriteInputTokenCount",
        "cacheWriteInputTokens",
        "cache_creation_input_tokens",
        "cache_creation_tokens",
        "cache_read_input_tokens",
        "cache_read_tokens",
        "cache_write_tokens",
        "input_cache_creation",
        "input_cache_read",
        "input_cached_tokens",
    }
)
"""Names that Anthropic, Bedrock and Langfuse give to tokens of caches that they do not count as input."""
