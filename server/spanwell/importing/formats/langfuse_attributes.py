"""The attributes of a Langfuse observation: the original ones, and Langfuse's columns under conventional names."""

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
"""The conventional names of keys in LangChain's metadata."""

_CACHED = ("input_cache_read", "input_cached_tokens", "cache_read_input_tokens", "prompt_details.cache_read")
_REASONING = ("output_reasoning", "output_reasoning_tokens", "reasoning_tokens", "completion_details.reasoning")
_NUMBERS = frozenset(
    way.key for field, ways in KEYS.items() if field not in {"model", "provider"} for way in ways if way.path is None
)


class Counted(msgspec.Struct, rename="camel", kw_only=True):
    """The columns of an observation about itself and its model call."""

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


def attributes_of(observation: Counted, metadata: Metadata) -> dict[str, Any]:
    """Return all attributes of an observation; the original ones take precedence over Langfuse's columns."""
    attributes = {key: _number(value) if key in _NUMBERS else value for key, value in metadata.attributes.items()}
    for name, key in _OF_METADATA.items():
        if (value := metadata.others.get(name)) is not None:
            attributes.setdefault(key, value)
    stated = read_usage(json_of(attributes))
    for field, value in _usage(observation).items():
        if value and field not in stated:
            attributes[KEYS[field][0].key] = value
    if observation.model and "model" not in stated:
        attributes["gen_ai.request.model"] = observation.model
    own = {
        "type": observation.type.lower(),
        "level": observation.level if observation.level != "DEFAULT" else None,
        "model.parameters": observation.model_parameters or None,
        "completion_start_time": observation.completion_start_time,
        "prompt.name": observation.prompt_name,
        "prompt.version": observation.prompt_version,
        "version": observation.version,
    }
    named = {f"langfuse.observation.{name}": value for name, value in own.items() if value is not None}
    return {**attributes, **named}


def _usage(observation: Counted) -> dict[str, float | None]:
    """Return the token counts and the cost, by the fields that they fill; in Langfuse zero means unknown.

    Langfuse's input and output totals include every kind of tokens in `usageDetails`.
    """
    details = observation.usage_details or {}
    inputs = observation.input_usage if observation.input_usage is not None else _sum(details, "input")
    outputs = observation.output_usage if observation.output_usage is not None else _sum(details, "output")
    found = {
        "input_tokens": inputs,
        "output_tokens": outputs,
        "total_tokens": observation.total_usage or details.get("total"),
        "cached_input_tokens": next((details[key] for key in _CACHED if details.get(key)), None),
        "reasoning_tokens": next((details[key] for key in _REASONING if details.get(key)), None),
        "cost_usd": observation.total_cost,
    }
    if inputs or outputs or found["total_tokens"]:
        return found
    return {**dict.fromkeys(found), "cost_usd": observation.total_cost}


def _sum(details: Mapping[str, float | None], side: str) -> float:
    return sum(count or 0 for key, count in details.items() if key.startswith(side))


def _number(value: Any) -> Any:
    """Return a number that Langfuse has converted to text as a number again."""
    try:
        found = msgspec.json.decode(value) if isinstance(value, str) else value
    except msgspec.DecodeError:
        return value
    return found if isinstance(found, int | float) else value
