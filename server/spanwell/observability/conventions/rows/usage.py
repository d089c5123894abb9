"""Attributes that state the model, tokens, cost and speed of a call.

A key is an attribute; its paths lead into an object, or into JSON in a text.
"""

from .row import Row, row

_METRICS, _COSTS = "braintrust.metrics", "langfuse.observation.cost_details"
_OF_PROVIDER = "ai.response.providerMetadata"
_OF_HAYSTACK = ("haystack.component.output", "haystack.agent.step.llm.output")
_OF_PROMPT, _OF_COMPLETION = "gen_ai.usage.prompt_tokens_details", "gen_ai.usage.completion_tokens_details"


def _of_run(detail: str) -> tuple[str, str]:
    """Return Pydantic AI's names for a detail of a request's usage, and of a whole run's."""
    return f"gen_ai.usage.details.{detail}", f"gen_ai.aggregated_usage.details.{detail}"


NAMES: tuple[Row, ...] = (
    row("model", "OpenTelemetry", "gen_ai.response.model", "gen_ai.request.model"),
    row("model", "OpenInference", "llm.response.model_name", "llm.model_name", "llm.request.model_name"),
    row("model", "OpenInference", "embedding.model_name", "reranker.model_name"),
    row("model", "OpenInference", "decision.response.model_name", "decision.model_name", "decision.request.model_name"),
    row("model", "Vercel AI SDK", "ai.response.model", "ai.model.id"),
    row("model", "MLflow", "mlflow.llm.model", path=""),
    row("model", "MLflow", "mlflow.spanInputs", path="/model"),
    row("model", "Langfuse", "langfuse.observation.model.name", "langfuse.observation.model"),
    row("model", "Braintrust", "braintrust.metadata", path="/model"),
    row("model", "Logfire", "request_data", path="/model"),
    row("model", "OpenLLMetry", "llm.response.model", "llm.request.model"),
    row("model", "LiveKit", "lk.llm_metrics", path="/metadata/model_name"),
    row("model", "Haystack", *_OF_HAYSTACK, path=("/replies/0/meta/model", "/meta/0/model")),
    row("model", "Mastra", "responseModel", "model"),
    row("model", "AutoGen", "response", path="/model"),
    row("provider", "OpenTelemetry", "gen_ai.provider.name", "gen_ai.system"),
    row("provider", "OpenInference", "llm.provider", "llm.system", "decision.provider", "decision.system"),
    row("provider", "Vercel AI SDK", "ai.model.provider"),
    row("provider", "MLflow", "mlflow.llm.provider", path=""),
    row("provider", "Braintrust", "braintrust.metadata", path="/provider"),
    row("provider", "Mastra", "provider"),
)
TOKENS: tuple[Row, ...] = (
    row("input_tokens", "OpenTelemetry", "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
    row("input_tokens", "OpenInference", "llm.token_count.prompt", "decision.token_count.input"),
    row("input_tokens", "Vercel AI SDK", "ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens"),
    row("input_tokens", "OpenLLMetry", "llm.usage.prompt_tokens"),
    row("input_tokens", "Semantic Kernel", "gen_ai.response.prompt_tokens"),
    row("input_tokens", "OpenLIT", "gen_ai.token.usage.input"),
    row("input_tokens", "Pydantic AI", "gen_ai.aggregated_usage.input_tokens"),
    row("input_tokens", "Claude Code", "input_tokens"),
    row("input_tokens", "AutoGen", "prompt_tokens"),
    row("output_tokens", "OpenTelemetry", "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
    row("output_tokens", "OpenInference", "llm.token_count.completion", "decision.token_count.output"),
    row("output_tokens", "Vercel AI SDK", "ai.usage.outputTokens", "ai.usage.completionTokens"),
    row("output_tokens", "OpenLLMetry", "llm.usage.completion_tokens"),
    row("output_tokens", "Semantic Kernel", "gen_ai.response.completion_tokens"),
    row("output_tokens", "OpenLIT", "gen_ai.token.usage.output"),
    row("output_tokens", "Pydantic AI", "gen_ai.aggregated_usage.output_tokens"),
    row("output_tokens", "Claude Code", "output_tokens"),
    row("output_tokens", "AutoGen", "completion_tokens"),
    row("total_tokens", "OpenTelemetry", "gen_ai.usage.total_tokens"),
    row("total_tokens", "OpenLLMetry", "llm.usage.total_tokens"),
    row("total_tokens", "OpenInference", "llm.token_count.total"),
    row("total_tokens", "OpenLIT", "gen_ai.token.usage.total"),
    row("total_tokens", "Vercel AI SDK", "ai.usage.totalTokens"),
)
KINDS_OF_TOKENS: tuple[Row, ...] = (
    row(
        "cached_input_tokens",
        "OpenTelemetry",
        "gen_ai.usage.cache_read.input_tokens",
        "gen_ai.usage.cache_read_input_tokens",
        "gen_ai.usage.cached_input_tokens",
    ),
    row("cached_input_tokens", "OpenInference", "llm.token_count.prompt_details.cache_read"),
    row("cached_input_tokens", "OpenInference", "llm.token_count.prompt_details.cache_input"),
    row("cached_input_tokens", "Vercel AI SDK", "ai.usage.inputTokenDetails.cacheReadTokens"),
    row("cached_input_tokens", "Vercel AI SDK", "ai.usage.cachedInputTokens"),
    row("cached_input_tokens", "Vercel AI SDK", _OF_PROVIDER, path="/openai/cachedPromptTokens"),
    row(
        "cached_input_tokens",
        "Vercel AI SDK",
        _OF_PROVIDER,
        path=(
            "/anthropic/cacheReadInputTokens",
            "/anthropic/usage/cache_read_input_tokens",
            "/bedrock/usage/cacheReadInputTokens",
        ),
        unit="beside",
    ),
    row(
        "cached_input_tokens",
        "Pydantic AI",
        "gen_ai.usage.details.cache_read_tokens",
        "gen_ai.usage.details.cache_read_input_tokens",
        "gen_ai.usage.details.cached_tokens",
        "gen_ai.aggregated_usage.cache_read.input_tokens",
    ),
    row("cached_input_tokens", "LiveKit", "gen_ai.usage.input_cached_tokens"),
    row("cached_input_tokens", "OpenLIT", f"{_OF_PROMPT}.cached_tokens", f"{_OF_PROMPT}.cache_read"),
    row("cached_input_tokens", "Claude Code", "cache_read_tokens", unit="beside"),
    row(
        "cache_write_input_tokens",
        "OpenTelemetry",
        "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.usage.cache_write.input_tokens",
        "gen_ai.usage.cache_creation_input_tokens",
    ),
    row("cache_write_input_tokens", "Mastra", "gen_ai.usage.cache_write_tokens"),
    row("cache_write_input_tokens", "Strands", "gen_ai.usage.cache_write_input_tokens", unit="beside"),
    row("cache_write_input_tokens", "OpenInference", "llm.token_count.prompt_details.cache_write"),
    row("cache_write_input_tokens", "Vercel AI SDK", "ai.usage.inputTokenDetails.cacheWriteTokens"),
    row(
        "cache_write_input_tokens",
        "Vercel AI SDK",
        _OF_PROVIDER,
        path=(
            "/anthropic/cacheCreationInputTokens",
            "/anthropic/usage/cache_creation_input_tokens",
            "/bedrock/usage/cacheWriteInputTokens",
        ),
        unit="beside",
    ),
    row(
        "cache_write_input_tokens",
        "Pydantic AI",
        "gen_ai.usage.details.cache_write_tokens",
        "gen_ai.usage.details.cache_creation_input_tokens",
        "gen_ai.aggregated_usage.cache_creation.input_tokens",
    ),
    row("cache_write_input_tokens", "Claude Code", "cache_creation_tokens", unit="beside"),
    row("cache_write_input_tokens", "OpenLIT", f"{_OF_PROMPT}.cache_creation_tokens", f"{_OF_PROMPT}.cache_write"),
    row("reasoning_tokens", "OpenTelemetry", "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens"),
    row("reasoning_tokens", "OpenInference", "llm.token_count.completion_details.reasoning"),
    row("reasoning_tokens", "Vercel AI SDK", "ai.usage.outputTokenDetails.reasoningTokens"),
    row("reasoning_tokens", "Vercel AI SDK", "ai.usage.reasoningTokens"),
    row("reasoning_tokens", "Vercel AI SDK", _OF_PROVIDER, path="/openai/reasoningTokens"),
    row("reasoning_tokens", "Google ADK", "gen_ai.usage.experimental.reasoning_tokens"),
    row("reasoning_tokens", "Pydantic AI", *_of_run("reasoning_tokens")),
    row("reasoning_tokens", "OpenLIT", f"{_OF_COMPLETION}.reasoning_tokens", f"{_OF_COMPLETION}.reasoning"),
    row("reasoning_tokens", "OpenLLMetry", "llm.usage.reasoning_tokens"),
    row("audio_input_tokens", "OpenTelemetry", "gen_ai.usage.audio.input_tokens"),
    row("audio_input_tokens", "OpenInference", "llm.token_count.prompt_details.audio"),
    row("audio_input_tokens", "Pydantic AI", *_of_run("input_audio_tokens")),
    row("audio_input_tokens", "LiveKit", "gen_ai.usage.input_audio_tokens"),
    row("audio_input_tokens", "Mastra", "gen_ai.usage.audio_input_tokens"),
    row("audio_output_tokens", "OpenTelemetry", "gen_ai.usage.audio.output_tokens"),
    row("audio_output_tokens", "OpenLIT", f"{_OF_COMPLETION}.audio_tokens", f"{_OF_COMPLETION}.audio"),
    row("audio_output_tokens", "OpenInference", "llm.token_count.completion_details.audio"),
    row("audio_output_tokens", "Pydantic AI", *_of_run("output_audio_tokens")),
    row("audio_output_tokens", "LiveKit", "gen_ai.usage.output_audio_tokens"),
    row("audio_output_tokens", "Mastra", "gen_ai.usage.audio_output_tokens"),
)
COSTS: tuple[Row, ...] = (
    row("cost_usd", "OpenLIT", "gen_ai.usage.cost"),
    row("cost_usd", "LiteLLM", "gen_ai.cost.total_cost", "litellm.cost.total"),
    row("cost_usd", "OpenInference", "llm.cost.total"),
    row("cost_usd", "Pydantic AI", "operation.cost"),
    row("cost_usd", "MLflow", "mlflow.llm.cost", path="/total_cost"),
    row("cost_usd", "Langfuse", _COSTS, path="/total"),
    row("cost_usd", "Braintrust", _METRICS, path="/estimated_cost"),
    row("cost_usd", "Claude Code", "cost_usd"),
    row("cost_usd", "OpenLIT", "gen_ai.token.cost.total"),
    row("cost_usd", "Mastra", "usage", path="/cost"),
    row("cost_usd", "Mastra", "costContext", path="/estimatedCost"),
)
PARTS_OF_COSTS: tuple[Row, ...] = (
    row("cost_usd", "OpenLLMetry", "gen_ai.usage.input_cost", "gen_ai.usage.output_cost"),
    row("cost_usd", "LiteLLM", "gen_ai.cost.input_cost", "gen_ai.cost.output_cost"),
    row("cost_usd", "LiteLLM", "litellm.cost.input", "litellm.cost.output"),
    row("cost_usd", "OpenLIT", "gen_ai.token.cost.input", "gen_ai.token.cost.output"),
    row("cost_usd", "OpenInference", "llm.cost.prompt", "llm.cost.completion"),
    row("cost_usd", "MLflow", "mlflow.llm.cost", path=("/input_cost", "/output_cost")),
    row("cost_usd", "Langfuse", _COSTS, path="/*"),
)
"""Where no cost is stated as a whole, the sum of its parts."""

UNCACHED: tuple[Row, ...] = (
    row("input_tokens", "Vercel AI SDK", "ai.usage.inputTokenDetails.noCacheTokens"),
    row("input_tokens", "Vercel AI SDK", _OF_PROVIDER, path="/anthropic/usage/input_tokens"),
)
"""Input alone, without what was read from or written to a cache: where the input is no more, caches are added."""

SPEEDS: tuple[Row, ...] = (
    row("time_to_first_token_ms", "OpenTelemetry", "gen_ai.response.time_to_first_chunk", unit="s"),
    row("time_to_first_token_ms", "OpenTelemetry", "gen_ai.server.time_to_first_token", unit="s"),
    row("time_to_first_token_ms", "Vercel AI SDK", "ai.response.msToFirstChunk", "ai.stream.msToFirstChunk"),
    row("time_to_first_token_ms", "Vercel AI SDK", "gen_ai.client.operation.time_to_first_chunk", unit="s"),
    row("time_to_first_token_ms", "OpenLIT", "gen_ai.server.ttft", unit="s"),
    row("time_to_first_token_ms", "LiveKit", "lk.response.ttft", unit="s"),
    row("time_to_first_token_ms", "LiveKit", "lk.llm_metrics", path="/ttft", unit="s"),
    row("time_to_first_token_ms", "Braintrust", _METRICS, path="/time_to_first_token", unit="s"),
    row("time_to_first_token_ms", "Claude Code", "ttft_ms"),
    row("time_to_first_token_ms", "Langfuse", "langfuse.observation.completion_start_time", unit="moment"),
    row("time_to_first_token_ms", "Mastra", "completionStartTime", "mastra.completion_start_time", unit="moment"),
    row("tokens_per_second", "Vercel AI SDK", "ai.response.avgOutputTokensPerSecond"),
    row("tokens_per_second", "Vercel AI SDK", "ai.response.avgCompletionTokensPerSecond"),
    row("tokens_per_second", "OpenTelemetry", "gen_ai.server.time_per_output_token", unit="s/token"),
    row("tokens_per_second", "LiveKit", "lk.llm_metrics", path="/tokens_per_second"),
    row("tokens_per_second", "OpenLIT", "gen_ai.performance.tokens_per_second"),
)
USAGE: tuple[Row, ...] = (*NAMES, *TOKENS, *KINDS_OF_TOKENS, *COSTS, *SPEEDS)
