"""How frameworks count tokens and cost, and what they say of whole runs."""

from collections.abc import Mapping

from .sent import TEXT, USAGE, Sent

_ANTHROPIC = {
    "anthropic": {
        "cacheCreationInputTokens": 300,
        "usage": {"input_tokens": 2000, "cache_read_input_tokens": 1500, "cache_creation_input_tokens": 300},
    }
}
_CACHED = {
    "inputTokens": 3800,
    "totalTokens": 3900,
    "cachedInputTokens": 1500,
    "cacheWriteInputTokens": 300,
    "costUsd": 0.009075,
}
_AI_SDK = {
    "ai.model.id": "claude-sonnet-4-20250514",
    "ai.usage.outputTokens": 100,
    "ai.usage.cachedInputTokens": 1500,
    "ai.response.providerMetadata": TEXT(_ANTHROPIC),
}

COUNTS: Mapping[str, Sent] = {
    "AI SDK 5, which leaves Anthropic's caches out": Sent(
        {**_AI_SDK, "ai.usage.inputTokens": 2000, "ai.usage.totalTokens": 2100}, _CACHED
    ),
    "AI SDK 6, which includes them": Sent(
        {**_AI_SDK, "ai.usage.inputTokens": 3800, "ai.usage.inputTokenDetails.noCacheTokens": 2000}, _CACHED
    ),
    "AI SDK 7": Sent(
        {
            "gen_ai.operation.name": "rerank",
            "gen_ai.client.operation.time_to_first_chunk": 0.25,
            "ai.documents": [TEXT({"text": "a"}), TEXT("b")],
            "ai.ranking": [TEXT({"index": 1, "score": 0.5})],
            "ai.settings.context.userId": "ola",
        },
        {
            "type": "rerank",
            "timeToFirstTokenMs": 250.0,
            "input": [{"text": "a"}, "b"],
            "output": [{"index": 1, "score": 0.5}],
            "userId": "ola",
            "metadata": {"userId": "ola"},
        },
    ),
    "LiteLLM's second version": Sent(
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.conversation.id": "c-1",
            "litellm.cost.total": 0.0123,
            "litellm.cost.input": 0.01,
            "litellm.end_user.id": "ola",
            "litellm.metadata.session_id": "s-1",
        },
        {"costUsd": 0.0123, "userId": "ola", "sessionId": "s-1", "threadId": "c-1"},
    ),
    "LiteLLM's parts of a cost, in both versions": Sent(
        {
            "gen_ai.cost.input_cost": 0.01,
            "gen_ai.cost.output_cost": 0.02,
            "litellm.cost.input": 0.01,
            "litellm.cost.output": 0.02,
        },
        {"costUsd": 0.03},
    ),
    "Langfuse's sorts of tokens": Sent(
        {
            "langfuse.observation.usage_details": TEXT(
                {
                    "input": 5,
                    "input_cache_read": 15,
                    "input_audio": 10,
                    "output": 9,
                    "output_reasoning": 3,
                    "input_priority": 30,
                }
            ),
            "langfuse.observation.cost_details": TEXT({"input": 0.1, "output": 0.2, "input_cache_read": 0.05}),
        },
        {**USAGE, "cachedInputTokens": 15, "audioInputTokens": 10, "reasoningTokens": 3, "costUsd": 0.35},
    ),
    "Langfuse's usage as OpenAI counts it": Sent(
        {
            "langfuse.observation.usage_details": TEXT(
                {"input": 30, "input_cached_tokens": 8, "output": 12, "output_reasoning_tokens": 3, "total": 42}
            )
        },
        {**USAGE, "cachedInputTokens": 8, "reasoningTokens": 3},
    ),
    "LangSmith's usage": Sent(
        {
            "langsmith.usage_metadata": TEXT(
                {
                    "input_tokens": 30,
                    "output_tokens": 12,
                    "total_tokens": 42,
                    "input_token_details": {"cache_read": 8, "cache_creation": 2, "audio": 1},
                    "output_token_details": {"reasoning": 3, "audio": 1},
                }
            )
        },
        {
            **USAGE,
            "cachedInputTokens": 8,
            "cacheWriteInputTokens": 2,
            "reasoningTokens": 3,
            "audioInputTokens": 1,
            "audioOutputTokens": 1,
        },
    ),
    "a run of Pydantic AI": Sent(
        {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.aggregated_usage.input_tokens": 30,
            "gen_ai.aggregated_usage.output_tokens": 12,
            "gen_ai.aggregated_usage.cache_read.input_tokens": 8,
            "gen_ai.aggregated_usage.details.reasoning_tokens": 3,
        },
        {**USAGE, "cachedInputTokens": 8, "reasoningTokens": 3},
    ),
    "OpenInference's decision": Sent(
        {
            "openinference.span.kind": "DECISION",
            "decision.response.model_name": "gpt-4o-mini",
            "decision.token_count.input": 30,
            "decision.token_count.output": 12,
        },
        {"type": "DECISION", "model": "gpt-4o-mini", **USAGE},
    ),
    "Gemini, which counts results of its own tools as well": Sent(
        {
            "gcp.vertex.agent.llm_response": TEXT(
                {
                    "usage_metadata": {
                        "prompt_token_count": 30,
                        "candidates_token_count": 5,
                        "thoughts_token_count": 7,
                        "tool_use_prompt_token_count": 4,
                        "total_token_count": 46,
                    }
                }
            )
        },
        {**USAGE, "totalTokens": 46, "reasoningTokens": 7},
    ),
    "a server of MCP": Sent({"mcp.response.value": '{"content": []}'}, {"output": {"content": []}}),
}
