"""The attributes of a Langfuse observation: its own, and what Langfuse worked out, under the names of conventions."""

from collections.abc import Mapping
from typing import Any

import msgspec

from spanwell.observability.conventions.event_usage import read_usage
from spanwell.observability.conventions.usage import KEYS
from spanwell.observability.model.text import json_of

from .langfuse_values import Metadata

_OF_METADATA: Mapping[str, str] = {
    "thread_id": "gen_ai.conversation.id",
    "conversation_id": "gen_ai.conversation.id",
    "ls_provider": "gen_ai.provider.name",
}
"""Keys of LangChain's metadata, and what conventions call them."""

_CACHED = ("input_cache_read", "input_cached_tokens", "cache_read_input_tokens", "prompt_details.cache_read")
_REASONING = ("output_reasoning", "output_reasoning_tokens", "reasoning_tokens", "completion_details.reasoning")
_NUMBERS = frozenset(
    way.key for field, ways in KEYS.items() if field not in {"model", "provider"} for way in ways if way.path is None
)


class Counted(msgspec.Struct, rename="camel", kw_only=True):
    """What an observation says of a call of a model, and of itself."""

    type: str = "SPAN"
    level: str | None = None
    version: str | None = None
    model: str | None = None
    model_parameters: Any = None
    completion_start_time: str | None = None
    prompt_name: str | None = None
    prompt_version: int | None = None
    input_usage: int | None = None
    output_usage: int | None = None
    total_usage: int | None = None
    total_cost: float | None = None
    usage_details: dict[str, float | None] | None = None


def attributes_of(given: Counted, metadata: Metadata) -> dict[str, Any]:
    """Return all that is said of an observation; its own attributes win over what Langfuse says."""
    attributes = {key: _number(value) if key in _NUMBERS else value for key, value in metadata.attributes.items()}
    for name, key in _OF_METADATA.items():
        if (value := metadata.others.get(name)) is not None:
            attributes.setdefault(key, value)
    stated = read_usage(json_of(attributes))
    for field, value in _usage(given).items():
        if value and field not in stated:
            attributes[KEYS[field][0].key] = value
    if given.model and "model" not in stated:
        attributes["gen_ai.request.model"] = given.model
    own = {
        "type": given.type.lower(),
        "level": given.level if given.level != "DEFAULT" else None,
        "model.parameters": given.model_parameters or None,
        "completion_start_time": given.completion_start_time,
        "prompt.name": given.prompt_name,
        "prompt.version": given.prompt_version,
        "version": given.version,
    }
    named = {f"langfuse.observation.{name}": value for name, value in own.items() if value is not None}
    return {**attributes, **named}


def _usage(given: Counted) -> dict[str, float | None]:
    """Return the counts of tokens and the cost, by the fields that they fill; zero is Langfuse's word for unknown.

    Langfuse's own totals of what goes in and comes out hold the tokens of every sort that `usageDetails` tells apart.
    """
    details = given.usage_details or {}
    inputs = given.input_usage if given.input_usage is not None else _sum(details, "input")
    outputs = given.output_usage if given.output_usage is not None else _sum(details, "output")
    found = {
        "input_tokens": inputs,
        "output_tokens": outputs,
        "total_tokens": given.total_usage or details.get("total"),
        "cached_input_tokens": next((details[key] for key in _CACHED if details.get(key)), None),
        "reasoning_tokens": next((details[key] for key in _REASONING if details.get(key)), None),
        "cost_usd": given.total_cost,
    }
    return (
        found if inputs or outputs or found["total_tokens"] else {**dict.fromkeys(found), "cost_usd": given.total_cost}
    )


def _sum(details: Mapping[str, float | None], side: str) -> float:
    return sum(count or 0 for key, count in details.items() if key.startswith(side))


def _number(value: Any) -> Any:
    """Return a number that Langfuse made text of as the number that it was."""
    try:
        found = msgspec.json.decode(value) if isinstance(value, str) else value
    except msgspec.DecodeError:
        return value
    return found if isinstance(found, int | float) else value
