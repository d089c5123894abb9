"""Agents and retrieval as OpenInference traces them: kinds in upper case, keys such as `llm.token_count.prompt`."""

from collections.abc import Sequence
from typing import Any

from spanwell.demo.dice import Dice
from spanwell.demo.draft import Draft, Given
from spanwell.demo.models import MODELS, Usage, thinking_time, tokens, usage
from spanwell.demo.telemetry import python_resource
from spanwell.observability.model.span import SpanKind, StatusCode
from spanwell.observability.model.text import json_of

from .conversations import Turn

SCOPES = {
    "research-desk": ("openinference.instrumentation.langchain", "0.1.56"),
    "handbook-rag": ("openinference.instrumentation.llama_index", "4.3.9"),
}


def begin(dice: Dice, name: str, kind: str, turn: Turn, at: int) -> Draft:
    """Return the root of a trace, with the context of a turn."""
    scope_name, scope_version = SCOPES[turn.topic.service]
    context = {
        "user_id": turn.person.user_id,
        "organization_id": turn.topic.organization,
        "session_id": turn.session_id,
        "thread_id": turn.thread_id,
        "environment": turn.environment,
        "service_name": turn.topic.service,
        "source": "otlp",
        "resource": python_resource(turn.topic.service, turn.environment),
        "scope_name": scope_name,
        "scope_version": scope_version,
    }
    attributes = {
        "openinference.span.kind": kind,
        "session.id": turn.session_id,
        "user.id": turn.person.user_id,
        "input.value": turn.question,
        "input.mime_type": "text/plain",
        "tag.tags": [turn.topic.name],
    }
    root = Draft.root(dice, name, at, context, type=kind, tags=[turn.topic.name], attributes=attributes)
    root.given |= _entity(kind, name)
    root.given["kind"] = SpanKind.INTERNAL
    root.given["input"] = json_of({"messages": turn.messages})
    return root


def _entity(kind: str, name: str) -> dict[str, str]:
    """Return the fields of an agent, which is known by the name of its span."""
    return {"entity_type": "agent", "entity_name": name} if kind == "AGENT" else {}


def step(parent: Draft, name: str, kind: str, given: Any = None, attributes: Given | None = None) -> Draft:
    """Return a child of some kind; `given` is its input."""
    made = parent.child(
        name,
        type=kind,
        kind=SpanKind.INTERNAL,
        attributes={"openinference.span.kind": kind, **(attributes or {})},
    )
    made.given |= _entity(kind, name)
    if given is not None:
        made.given["input"] = json_of(given)
    return made


def done(draft: Draft, output: Any) -> None:
    """End the span with its output."""
    draft.results["output"] = json_of(output)
    draft.results["status_code"] = StatusCode.OK


def model_call(parent: Draft, name: str, messages: Sequence[dict[str, str]], answer: str, model_name: str) -> Usage:
    """Add a call of a language model."""
    model = MODELS[model_name]
    read = sum(tokens(message["content"]) for message in messages)
    used = usage(parent.dice, model, read, tokens(answer))
    attributes: dict[str, Any] = {
        "llm.model_name": model.name,
        "llm.provider": model.provider.name,
        "llm.invocation_parameters": '{"temperature": 0.2}',
    }
    for index, message in enumerate(messages):
        attributes[f"llm.input_messages.{index}.message.role"] = message["role"]
        attributes[f"llm.input_messages.{index}.message.content"] = message["content"]
    with step(parent, name, "LLM", {"messages": messages}, attributes) as call:
        call.work(sum(thinking_time(model, used)), 0.3)
        call.measured = {
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": answer,
            "llm.token_count.prompt": used.read,
            "llm.token_count.completion": used.written,
            "llm.token_count.total": used.total,
            "llm.token_count.prompt_details.cache_read": used.cached,
            "llm.cost.total": used.cost(model),
        }
        done(call, {"role": "assistant", "content": answer})
    return used
