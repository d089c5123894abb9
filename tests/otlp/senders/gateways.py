"""What gateways, instrumentations and Mastra's exporters send."""

from collections.abc import Mapping

from .sent import CALLS, TEXT, USAGE, Sent

GATEWAYS: Mapping[str, Sent] = {
    "LiteLLM's call of a tool": Sent(
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.output.messages": '[{"role": "assistant", "parts": [], "finish_reason": "tool_calls"}]',
            "gen_ai.completion.0.function_call.name": "get_tide",
            "gen_ai.completion.0.function_call.arguments": '{"pier": 4}',
            "gen_ai.cost.input_cost": 0.001,
            "gen_ai.cost.output_cost": 0.002,
            "metadata.user_api_key_end_user_id": "ola",
            "metadata.user_api_key_alias": "",
            "metadata.requester_ip_address": "10.0.0.1",
            "litellm.call_id": "c-1",
        },
        {
            "output": [{"function_call": {"name": "get_tide", "arguments": '{"pier": 4}'}}],
            "costUsd": 0.003,
            "userId": "ola",
            "metadata": {"user_api_key_end_user_id": "ola", "requester_ip_address": "10.0.0.1"},
            "requestId": "c-1",
        },
    ),
    "LiteLLM's raw request": Sent(
        {"llm.openai.messages": "[{'role': 'user'}]", "llm.openai.choices": "[{'index': 0}]"},
        {"input": "[{'role': 'user'}]", "output": "[{'index': 0}]", "model": None, "totalTokens": None},
    ),
    "OpenLIT's tool": Sent(
        {
            "gen_ai.tool.name": "get_tide",
            "gen_ai.tool.args": '{"pier": 4}',
            "gen_ai.tool.output": "nine",
            "gen_ai.user.id": "ola",
            "gen_ai.session.id": "s-1",
        },
        {"type": "tool_call", "input": {"pier": 4}, "output": "nine", "userId": "ola", "sessionId": "s-1"},
    ),
    "OpenLIT's model": Sent(
        {
            "gen_ai.request.user": "ola",
            "gen_ai.completion": "",
            "gen_ai.response.tool_calls": TEXT(CALLS),
            "gen_ai.usage.input_tokens": 30,
            "gen_ai.usage.output_tokens": 12,
            "gen_ai.usage.prompt_tokens_details.cached_tokens": 8,
            "gen_ai.usage.completion_tokens_details.reasoning_tokens": 3,
            "gen_ai.performance.tokens_per_second": 41.5,
        },
        {
            "output": CALLS,
            "userId": "ola",
            "cachedInputTokens": 8,
            "reasoningTokens": 3,
            "tokensPerSecond": 41.5,
            **USAGE,
        },
    ),
    "OpenInference's newer names": Sent(
        {
            "openinference.span.kind": "LLM",
            "llm.request.model_name": "gpt-4o",
            "llm.response.model_name": "gpt-4o-2024-08-06",
            "llm.token_count.prompt": 30,
            "llm.token_count.prompt_details.cache_input": 4,
        },
        {"model": "gpt-4o-2024-08-06", "inputTokens": 30, "cachedInputTokens": 4},
    ),
    "Spring AI's store of vectors": Sent(
        {
            "spring.ai.kind": "vector_store",
            "db.vector.query.content": "tide",
            "db.vector.query.response.documents": '["nine"]',
            "spring.ai.chat.client.conversation.id": "c-1",
        },
        {"type": "vector_store", "input": "tide", "output": ["nine"], "threadId": "c-1"},
    ),
    "OpenLLMetry's user": Sent(
        {"gen_ai.user": "ola", "llm.usage.reasoning_tokens": 3}, {"userId": "ola", "reasoningTokens": 3}
    ),
    "contents under a name of one's own": Sent(
        {"acme.step.input": '{"pier": 4}', "acme.step.output": "nine", "acme.usage.output": "12", "acme.input": 5},
        {"input": {"pier": 4}, "output": "nine"},
    ),
}
MASTRA: Mapping[str, Sent] = {
    "Mastra's workflow": Sent(
        {
            "mastra.span.type": "workflow_run",
            "mastra.workflow_run.input": '{"pier": 4}',
            "mastra.workflow_run.status": "failed",
            "mastra.metadata.plan": '{"tier": "gold"}',
            "mastra.tags": '["vip"]',
        },
        {
            "type": "workflow_run",
            "entityName": "tides",
            "entityType": "workflow",
            "status": "ERROR",
            "metadata": {"plan": {"tier": "gold"}},
            "tags": ["vip"],
            "input": {"pier": 4},
        },
        name="invoke_workflow tides",
    ),
    "Mastra's step": Sent(
        {
            "mastra.span.type": "workflow_step",
            "mastra.workflow_step.step_id": "look up",
            "mastra.workflow_step.output": '"nine"',
            "mastra.workflow_step.status": "success",
        },
        {
            "entityName": "look up",
            "entityId": "look up",
            "entityType": "workflow_step",
            "output": "nine",
            "status": "SUCCESS",
        },
    ),
    "Mastra's caches": Sent(
        {
            "mastra.span.type": "model_generation",
            "gen_ai.usage.input_tokens": 30,
            "gen_ai.usage.output_tokens": 12,
            "gen_ai.usage.cached_input_tokens": 8,
            "gen_ai.usage.cache_write_tokens": 6,
        },
        {**USAGE, "cachedInputTokens": 8, "cacheWriteInputTokens": 6},
    ),
    "Mastra's older names": Sent(
        {
            "mastra.span.type": "agent_run",
            "agent.id": "pilot",
            "input": "hi",
            "output": '{"text": "yo"}',
            "userId": "ola",
        },
        {"entityId": "pilot", "input": "hi", "output": {"text": "yo"}, "userId": "ola"},
    ),
    "Mastra's tool that failed": Sent({"gen_ai.tool.name": "t", "gen_ai.tool.success": False}, {"status": "ERROR"}),
}
