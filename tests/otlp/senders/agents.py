"""What frameworks of agents send: LiveKit, Haystack, CrewAI, AutoGen, MLflow, Semantic Kernel, Strands."""

from collections.abc import Mapping

from .sent import ANSWERED, ASKED, CALLS, TEXT, USAGE, Sent

VOICE: Mapping[str, Sent] = {
    "LiveKit's model": Sent(
        {
            "gen_ai.operation.name": "chat",
            "lk.pii.chat_ctx": TEXT({"items": ASKED}),
            "lk.pii.response.text": "I look.",
            "lk.pii.response.function_calls": TEXT(CALLS),
            "lk.llm_metrics": TEXT({"ttft": 0.25, "metadata": {"model_name": "gpt-4o-mini"}, "prompt_tokens": 30}),
            "gen_ai.usage.audio.input_tokens": 7,
            "gen_ai.usage.audio.output_tokens": 5,
        },
        {
            "type": "chat",
            "model": "gpt-4o-mini",
            "input": {"items": ASKED},
            "output": {"role": "assistant", "content": "I look.", "tool_calls": CALLS},
            "inputTokens": 30,
            "audioInputTokens": 7,
            "audioOutputTokens": 5,
            "timeToFirstTokenMs": 250.0,
        },
    ),
    "LiveKit's session": Sent(
        {"lk.pii.room_name": "harbour", "lk.pii.participant_identity": "ola", "lk.agent_name": "pilot"},
        {"sessionId": "harbour", "userId": "ola", "entityName": "pilot", "entityType": "agent", "type": "agent_run"},
    ),
    "LiveKit's tool": Sent(
        {
            "lk.function_tool.name": "get_tide",
            "lk.pii.function_tool.arguments": '{"pier": 4}',
            "lk.pii.function_tool.output": "none",
            "lk.function_tool.is_error": True,
        },
        {"type": "tool_call", "input": {"pier": 4}, "output": "none", "status": "ERROR", "entityName": "get_tide"},
    ),
    "LiveKit's transcript": Sent({"lk.pii.user_transcript": "which pier"}, {"output": "which pier"}),
}
AGENTS: Mapping[str, Sent] = {
    "Haystack's agent": Sent(
        {"haystack.agent.input": TEXT({"messages": ASKED}), "haystack.agent.output": TEXT({"messages": ANSWERED})},
        {"type": "agent_run", "input": {"messages": ASKED}, "output": {"messages": ANSWERED}},
    ),
    "Haystack's model": Sent(
        {
            "haystack.agent.step.llm.input": TEXT({"messages": ASKED}),
            "haystack.agent.step.llm.output": TEXT(
                {"replies": [{"meta": {"model": "gpt-4o", "usage": {"prompt_tokens": 9, "completion_tokens": 4}}}]}
            ),
        },
        {"type": "model_generation", "model": "gpt-4o", "inputTokens": 9, "outputTokens": 4, "costUsd": 6.25e-05},
    ),
    "Haystack's tool": Sent(
        {
            "haystack.tool.name": "get_tide",
            "haystack.agent.step.tool.input": '{"pier": 4}',
            "haystack.agent.step.tool.output": '{"error": "closed"}',
            "haystack.tool.error": True,
        },
        {
            "type": "tool_call",
            "entityType": "tool",
            "input": {"pier": 4},
            "output": {"error": "closed"},
            "status": "ERROR",
        },
    ),
    "CrewAI's crew": Sent(
        {
            "gen_ai.operation.name": "invoke_workflow",
            "crewai.crew.name": "harbour crew",
            "crewai.crew.inputs": '{"pier": 4}',
            "crewai.crew.output": "At nine.",
            "crewai.crew.usage_metrics": TEXT(
                {"total_tokens": 42, "prompt_tokens": 30, "cached_prompt_tokens": 10, "completion_tokens": 12}
            ),
        },
        {
            "entityName": "harbour crew",
            "entityType": "crew",
            "input": {"pier": 4},
            "output": "At nine.",
            **USAGE,
            "cachedInputTokens": 10,
        },
    ),
    "CrewAI's task": Sent(
        {"crewai.task.name": "tides", "crewai.task.description": "Find the tide", "crewai.task.output": "Nine"},
        {"entityName": "tides", "entityType": "task", "input": "Find the tide", "output": "Nine"},
    ),
    "AutoGen's tool": Sent(
        {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get_tide", "error.type": "ValueError"},
        {"type": "execute_tool", "entityName": "get_tide", "entityType": "tool", "status": "ERROR"},
    ),
    "MLflow's tool": Sent(
        {
            "mlflow.spanType": '"TOOL"',
            "mlflow.spanFunctionName": '"get_tide"',
            "mlflow.spanInputs": '{"pier": 4}',
            "mlflow.spanOutputs": '"At nine."',
            "mlflow.traceTag.region": "north",
            "mlflow.traceTag.userId": "ola",
        },
        {
            "entityName": "get_tide",
            "entityType": "tool",
            "output": "At nine.",
            "metadata": {"region": "north", "userId": "ola"},
            "userId": "ola",
        },
    ),
    "Semantic Kernel's agent": Sent(
        {"gen_ai.operation.name": "invoke_agent", "gen_ai.input.messages": "[]"},
        {"entityName": "clerk", "entityType": "agent", "input": []},
        name="invoke_agent clerk",
    ),
    "Strands' choice": Sent(
        {"gen_ai.operation.name": "chat"},
        {"output": [{"role": "assistant", "content": [{"text": "yes"}], "finish_reason": "end_turn"}]},
        [("gen_ai.choice", {"message": '[{"text": "yes"}]', "finish_reason": "end_turn"})],
    ),
    "memory": Sent(
        {
            "gen_ai.operation.name": "search_memory",
            "gen_ai.memory.query.text": "tide",
            "gen_ai.memory.records": '[{"content": "nine"}]',
        },
        {"type": "search_memory", "input": "tide", "output": [{"content": "nine"}]},
    ),
    "a span that is named by what ran": Sent(
        {}, {"entityName": "get tide", "entityType": "tool"}, [], "execute_tool get tide"
    ),
}
