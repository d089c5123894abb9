"""Model, tokens and cost of a span, read from its attributes when it is stored.

The table below is the whole rule: for each field the attribute keys that may hold it, the first one present wins.
A key is a flat attribute key, or a JSON Pointer (RFC 6901) when it begins with `/`. Sources: OpenTelemetry's
`gen_ai` semantic conventions (new and old names), OpenInference, the Vercel AI SDK, and Mastra's span attributes.
"""

from collections.abc import Mapping
from functools import partial
from math import isfinite
from types import MappingProxyType
from typing import Any

import msgspec

from spanwell.observability.model.columns import Json
from spanwell.observability.model.trace import LARGEST_COUNT

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "model": (
            "gen_ai.response.model",
            "gen_ai.request.model",
            "llm.model_name",
            "embedding.model_name",
            "ai.response.model",
            "ai.model.id",
            "responseModel",
            "model",
        ),
        "provider": (
            "gen_ai.provider.name",
            "gen_ai.system",
            "llm.provider",
            "llm.system",
            "ai.model.provider",
            "provider",
        ),
        "input_tokens": (
            "gen_ai.usage.input_tokens",
            "gen_ai.usage.prompt_tokens",
            "llm.token_count.prompt",
            "ai.usage.inputTokens",
            "ai.usage.promptTokens",
            "/usage/inputTokens",
            "/usage/promptTokens",
        ),
        "output_tokens": (
            "gen_ai.usage.output_tokens",
            "gen_ai.usage.completion_tokens",
            "llm.token_count.completion",
            "ai.usage.outputTokens",
            "ai.usage.completionTokens",
            "/usage/outputTokens",
            "/usage/completionTokens",
        ),
        "total_tokens": (
            "gen_ai.usage.total_tokens",
            "llm.usage.total_tokens",
            "llm.token_count.total",
            "ai.usage.totalTokens",
            "/usage/totalTokens",
        ),
        "cached_input_tokens": (
            "gen_ai.usage.cache_read.input_tokens",
            "gen_ai.usage.cache_read_input_tokens",
            "gen_ai.usage.cached_input_tokens",
            "llm.token_count.prompt_details.cache_read",
            "ai.usage.cachedInputTokens",
            "/usage/inputDetails/cacheRead",
            "/usage/cachedInputTokens",
            "/usage/promptCacheHitTokens",
        ),
        "reasoning_tokens": (
            "gen_ai.usage.reasoning.output_tokens",
            "gen_ai.usage.reasoning_tokens",
            "llm.token_count.completion_details.reasoning",
            "ai.usage.reasoningTokens",
            "/usage/outputDetails/reasoning",
            "/usage/reasoningTokens",
        ),
        "cost_usd": (
            "gen_ai.usage.cost",
            "gen_ai.cost.total_cost",
            "llm.cost.total",
            "/usage/cost",
            "/costContext/estimatedCost",
        ),
    }
)

_ROOTS = sorted({key.split("/")[1] if key[0] == "/" else key for keys in KEYS.values() for key in keys})
_SLOTS = {root: slot for slot, root in enumerate(_ROOTS)}
_Known = msgspec.defstruct(
    "_Known",
    [(f"slot_{slot}", Any, None) for slot in _SLOTS.values()],
    rename={f"slot_{slot}": root for root, slot in _SLOTS.items()},
)
_DECODER = msgspec.json.Decoder(_Known)
"""Decodes only the keys of the table; all others are skipped without being built."""


def read_usage(attributes: Json | None) -> dict[str, Any]:
    """Return those of the table's fields that a span's attributes state."""
    if attributes is None:
        return {}
    try:
        known = _DECODER.decode(attributes)
    except (msgspec.DecodeError, RecursionError):
        return {}
    values = msgspec.structs.astuple(known)
    if values.count(None) == len(values):
        return {}
    found: dict[str, Any] = {}
    for field, read, ways in _READERS:
        for slot, path in ways:
            if values[slot] is not None and (value := read(_follow(values[slot], path))) is not None:
                found[field] = value
                break
    if "total_tokens" not in found and ("input_tokens" in found or "output_tokens" in found):
        total = found.get("input_tokens", 0) + found.get("output_tokens", 0)
        found["total_tokens"] = min(total, LARGEST_COUNT)
    return found


def _follow(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any, *, largest: float = float("inf")) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= largest and isfinite(value) and value >= 0 else None


def _count(value: Any) -> int | None:
    number = _number(value, largest=LARGEST_COUNT)
    return int(number) if number is not None and number.is_integer() else None


def _way(key: str) -> tuple[int, tuple[str, ...]]:
    _, *path = key.split("/") if key[0] == "/" else ("", key)
    return _SLOTS[path[0]], tuple(path[1:])


_AS: Mapping[str, Any] = {"model": _text, "provider": _text, "cost_usd": partial(_number, largest=1e15)}
_READERS = tuple((field, _AS.get(field, _count), tuple(map(_way, keys))) for field, keys in KEYS.items())
