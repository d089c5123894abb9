"""Agents as OpenTelemetry's `gen_ai` conventions trace them: invoke_agent, chat, execute_tool."""

from typing import Any

from spanwell.demo.dice import Dice
from spanwell.demo.draft import Draft
from spanwell.demo.models import MODELS, Model, Usage, thinking_time, tokens, usage
from spanwell.demo.telemetry import fail, python_resource
from spanwell.demo.topics.script import Call
from spanwell.observability.model.span import SpanKind
from spanwell.observability.model.text import json_of

from .conversations import Turn


def invoke_agent(dice: Dice, turn: Turn, at: int) -> Draft:
    """Return the trace of an agent that answers a turn."""
    model = MODELS[turn.model]
    root = Draft.root(
        dice,
        f"invoke_agent {turn.topic.agent}",
        at,
        _context(turn),
        type="AGENT",
        kind=SpanKind.INTERNAL,
        entity_type="agent",
        entity_name=turn.topic.agent,
        input=json_of({"messages": turn.messages}),
        tags=[turn.topic.name],
        request_id=f"req_{dice.token(12)}",
        attributes={
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": turn.topic.agent,
            "gen_ai.agent.id": f"agent_{turn.topic.agent}",
            "gen_ai.conversation.id": turn.thread_id,
            "gen_ai.provider.name": model.provider.system,
            "gen_ai.request.model": model.name,
        },
    )
    with root:
        root.work(5)
        total = _work(root, turn, model)
        root.results["output"] = json_of(turn.answer)
        root.measured["gen_ai.usage.input_tokens"] = total.read
        root.measured["gen_ai.usage.output_tokens"] = total.written
        root.measured["gen_ai.usage.cost"] = total.cost(model)
    return root


def _context(turn: Turn) -> dict[str, Any]:
    return {
        "user_id": turn.person.user_id,
        "organization_id": turn.topic.organization,
        "session_id": turn.session_id,
        "thread_id": turn.thread_id,
        "environment": turn.environment,
        "service_name": turn.topic.service,
        "source": "otlp",
        "resource": python_resource(turn.topic.service, turn.environment),
        "scope_name": "opentelemetry.instrumentation.anthropic"
        if MODELS[turn.model].provider.name == "anthropic"
        else "opentelemetry.instrumentation.openai_v2",
        "scope_version": "2.3b0",
    }


def _work(root: Draft, turn: Turn, model: Model) -> Usage:
    read = 900 + sum(tokens(message["content"]) for message in turn.messages)
    total = Usage()
    for call in turn.calls:
        total += _chat(root, turn, model, read, f"{call.tool}({', '.join(map(str, call.arguments))})")
        _execute_tool(root, call)
        read += 60 + root.dice.randrange(200, 2_400)
    return total + _chat(root, turn, model, read, turn.answer)


def _chat(root: Draft, turn: Turn, model: Model, read: int, text: str) -> Usage:
    used = usage(root.dice, model, read, tokens(text))
    with root.child(
        f"chat {model.name}",
        type="LLM",
        kind=SpanKind.CLIENT,
        input=json_of({"messages": [{"role": "system", "content": turn.topic.instructions}, *turn.messages]}),
        attributes={
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": model.provider.system,
            "gen_ai.request.model": model.name,
            "gen_ai.request.max_tokens": 4_096,
            "gen_ai.request.temperature": 0.1,
            "gen_ai.conversation.id": turn.thread_id,
            "server.address": model.provider.host,
            "server.port": 443,
        },
    ) as chat:
        if root.dice.chance(0.01):
            _retried_request(chat, model)
        _request(chat, model, used)
        chat.results["output"] = json_of({"role": "assistant", "content": text})
        chat.measured = {
            "gen_ai.response.model": model.release,
            "gen_ai.response.id": f"{model.provider.answer}{root.dice.token(20)}",
            "gen_ai.response.finish_reasons": ["stop" if text is turn.answer else "tool_calls"],
            **_counts(used),
        }
    return used


def _counts(used: Usage) -> dict[str, int]:
    counts = {"gen_ai.usage.input_tokens": used.read, "gen_ai.usage.output_tokens": used.written}
    if used.cached:
        counts["gen_ai.usage.cache_read.input_tokens"] = used.cached
    if used.reasoning:
        counts["gen_ai.usage.reasoning.output_tokens"] = used.reasoning
    return counts


def _post(chat: Draft, model: Model) -> Draft:
    return chat.child(
        "POST",
        kind=SpanKind.CLIENT,
        context={"scope_name": "opentelemetry.instrumentation.httpx", "scope_version": "0.60b1"},
        attributes={
            "http.request.method": "POST",
            "url.full": f"https://{model.provider.host}{model.provider.path}",
            "server.address": model.provider.host,
            "server.port": 443,
        },
    )


def _request(chat: Draft, model: Model, used: Usage) -> None:
    first, rest = thinking_time(model, used)
    with _post(chat, model) as post:
        post.work(first, 0.3)
        post.event("gen_ai.first_token", {"gen_ai.response.model": model.release})
        post.work(rest, 0.2)
        post.measured["http.response.status_code"] = 200


def _retried_request(chat: Draft, model: Model) -> None:
    with _post(chat, model) as post:
        post.work(340)
        fail(post, "429", "Too Many Requests", **{"http.response.status_code": 429})
    chat.work(1_000, 0.2)


def _execute_tool(root: Draft, call: Call) -> None:
    with root.child(
        f"execute_tool {call.tool}",
        type="TOOL",
        kind=SpanKind.INTERNAL,
        entity_type="tool",
        entity_name=call.tool,
        input=json_of(call.arguments),
        attributes={
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": call.tool,
            "gen_ai.tool.type": "function",
            "gen_ai.tool.call.id": f"call_{root.dice.token(16)}",
        },
    ) as tool:
        tool.work(call.takes, 0.5)
        if root.dice.chance(0.012):
            fail(tool, "HTTPStatusError", "502 Bad Gateway: the code host is down for maintenance")
        else:
            tool.results["output"] = json_of(call.result)
