"""Reads usage from span events: the time of the first token, and model calls that have no span of their own.

The attributes of such an event are named like a span's. Each event is a call of its own, so they are added up; values
in the attributes of the span win.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from spanwell.observability.model.columns import Json

from .usage import COUNTED, FIRST_TIME, KEYS, known_attributes, since_start, stated_usage

_FIRST = re.compile(r"first[ ._-]?(?:token|chunk)", re.IGNORECASE)
"""Matches the name of a first-token event: `First Token Stream Event`, `ai.stream.firstChunk`."""
_CALL = re.compile("token|usage", re.IGNORECASE)
"""Part of every key by which an event states tokens."""
_TOKENS = frozenset({"input_tokens", "output_tokens", "total_tokens"})
_OF_CALL = COUNTED | {"model", "provider"}
_EVENTS = msgspec.json.Decoder(list[Any])


def read_usage(
    attributes: Json | None, started_at: int = 0, ended_at: int | None = None, events: Json | None = None
) -> dict[str, Any]:
    """Return the usage fields that the attributes and events of a span state."""
    known = known_attributes(attributes) if attributes is not None else {}
    may_say = events is not None and (_FIRST.search(events) or _CALL.search(events))
    return usage_of(known, started_at, ended_at, _decoded(events) if may_say else ())


def usage_of(
    attributes: Mapping[str, Any], started_at: int, ended_at: int | None, events: Sequence[Any] = ()
) -> dict[str, Any]:
    """Return the same for attributes and events that are plain data."""
    usage = stated_usage(attributes, started_at, ended_at)
    objects = [each for each in events if isinstance(each, dict)]
    if objects and FIRST_TIME not in usage and (first := _first_time(objects, started_at)) is not None:
        usage[FIRST_TIME] = first
    return {**_of_calls(objects), **usage} if objects and _TOKENS.isdisjoint(usage) else usage


def _decoded(events: Any) -> list[Any]:
    try:
        return _EVENTS.decode(events)
    except (msgspec.DecodeError, RecursionError):
        return []


def call_in(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a model call, by OpenTelemetry's names; empty if they state no tokens."""
    stated = stated_usage(attributes)
    if _TOKENS.isdisjoint(stated):
        return {}
    return {KEYS[name][0].key: value for name, value in stated.items() if name in _OF_CALL}


def _first_time(events: Sequence[Mapping[str, Any]], started_at: int) -> float | None:
    named = (each for each in events if _FIRST.search(str(each.get("name"))))
    times = (since_start(each.get("timeUnixNano") or each.get("timestamp"), started_at) for each in named)
    return next((time for time in times if time is not None), None)


@lru_cache(4_096)
def _may_count(keys: tuple[str, ...]) -> bool:
    return any(map(_CALL.search, keys))


def _of_calls(events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the totals of calls: the sums of counts, and the model and provider of the first call."""
    found: dict[str, Any] = {}
    for event in events:
        attributes = event.get("attributes")
        if not isinstance(attributes, dict) or not _may_count(tuple(attributes)):
            continue
        call = stated_usage(attributes)
        if not _TOKENS.isdisjoint(call):
            sums = {name: found.get(name, 0) + call[name] for name in COUNTED & call.keys()}
            found = {**call, **found, **sums}
    return found
