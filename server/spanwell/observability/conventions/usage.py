"""Model, tokens, cost and speed of a span, read from its attributes when it is stored, by the table in `rows.usage`.

The first attribute that is there and holds a number wins. By the semantic conventions `inputTokens` includes those that
were read from a cache or written to one; where a source counts them beside the input, they are added to it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import isfinite
from typing import Any, TypeAlias

import msgspec

from spanwell.observability.model.columns import Json
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.times import parse_moment
from spanwell.observability.model.trace import LARGEST_COUNT

from .rows.row import Way, ways_of
from .rows.usage import USAGE
from .values import follow

KEYS: Mapping[str, Sequence[Way]] = ways_of(USAGE)
"""For each field the ways to fill it, the best first."""

FIRST_TIME = "time_to_first_token_ms"
_LARGEST = 1e15
"""More than any cost or time is taken for a mistake."""
_NS_PER_MS = 1_000_000
_FIRST = re.compile(r"first[ ._-]?(?:token|chunk)", re.IGNORECASE)
"""What an event is called that tells of the first token: `First Token Stream Event`, `ai.stream.firstChunk`."""

_NAMES = sorted({way.key for ways in KEYS.values() for way in ways})
_Known = msgspec.defstruct(
    "_Known",
    [(f"slot_{slot}", Any, None) for slot, _ in enumerate(_NAMES)],
    rename={f"slot_{slot}": key for slot, key in enumerate(_NAMES)},
    omit_defaults=True,
)
_DECODER = msgspec.json.Decoder(_Known)
"""Decodes only the keys of the table; all others are skipped without being built."""
_MOST_KEYS = 128
"""The most keys of a span whose readers are remembered."""
_EVENTS = msgspec.json.Decoder(list[Any])


def read_usage(
    attributes: Json | None, started_at: int = 0, ended_at: int | None = None, events: Json | None = None
) -> dict[str, Any]:
    """Return those of the table's fields that a span states; moments become times since its start."""
    found = usage_of(_known(attributes), started_at, ended_at) if attributes is not None else {}
    if FIRST_TIME not in found and events is not None and _FIRST.search(events):
        return with_first_time(found, _decoded_events(events), started_at)
    return found


def usage_of(attributes: Mapping[str, Any], started_at: int, ended_at: int | None) -> dict[str, Any]:
    """Return the same of attributes that are plain data, but for what events tell."""
    keys = tuple(attributes)
    readers, speeds = _known_readers(keys) if len(keys) <= _MOST_KEYS else _readers_among(keys)
    if not readers and not speeds:
        return {}
    found, beside = _read(attributes, readers)
    for field, way in speeds:
        if field not in found:
            speed = _MEASURES[way.unit](follow(attributes[way.key], way.path), started_at, ended_at)
            if speed is not None:
                found[field] = speed
    _add_caches(found, beside=beside)
    if "total_tokens" not in found and ("input_tokens" in found or "output_tokens" in found):
        total = found.get("input_tokens", 0) + found.get("output_tokens", 0)
        found["total_tokens"] = min(total, LARGEST_COUNT)
    return found


def _known(attributes: Json) -> dict[str, Any]:
    try:
        found: dict[str, Any] = msgspec.to_builtins(_DECODER.decode(attributes))
    except (msgspec.DecodeError, RecursionError):
        return {}
    return found


def _read(attributes: Mapping[str, Any], readers: "_Readers") -> tuple[dict[str, Any], bool]:
    """Return what is stated, and whether some of it is counted beside the input."""
    found: dict[str, Any] = {}
    beside = False
    for field, read, ways in readers:
        for way in ways:
            value = attributes[way.key] if way.path is None else follow(attributes[way.key], way.path)
            if (value := read(value)) is not None:
                found[field] = value
                beside = beside or way.unit == "beside"
                break
    return found, beside


def _add_caches(found: dict[str, Any], *, beside: bool) -> None:
    """Add the tokens of caches to the input of a source that counts them beside it.

    That is so if more of them are there than input, or if the stated total is only right with them; and by what the
    source calls them, unless the stated total is right without them.
    """
    caches = found.get("cached_input_tokens", 0) + found.get("cache_write_input_tokens", 0)
    if not caches or "input_tokens" not in found:
        return
    both = found["input_tokens"] + found.get("output_tokens", 0)
    total = found.get("total_tokens")
    if caches > found["input_tokens"] or total == both + caches or (beside and total != both):
        found["input_tokens"] = min(found["input_tokens"] + caches, LARGEST_COUNT)
        if total is not None:
            found["total_tokens"] = min(max(total, both + caches), LARGEST_COUNT)


def _as_stated(value: Any, *_: Any) -> float | None:
    return _number(value, largest=_LARGEST)


def _seconds(value: Any, started_at: int, ended_at: int | None) -> float | None:
    """Return seconds as milliseconds; what would be longer than the span was milliseconds already."""
    number = _number(value, largest=_LARGEST)
    if number is None:
        return None
    lasted = None if ended_at is None else (ended_at - started_at) / _NS_PER_MS
    return number if lasted is not None and number * 1000 > lasted >= number else number * 1000


def _rate(value: Any, *_: Any) -> float | None:
    """Return how many tokens a second there are, from the seconds that one takes."""
    number = _number(value, largest=_LARGEST)
    return 1 / number if number else None


def _since_start(value: Any, started_at: int, *_: Any) -> float | None:
    """Return the milliseconds from the start of a span to a moment: RFC 3339, maybe in quotes, or nanoseconds."""
    text = str(value).strip('"')
    try:
        moment = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else parse_moment(text)
    except InvalidInput:
        return None
    return (moment - started_at) / _NS_PER_MS if moment >= started_at else None


def with_first_time(found: dict[str, Any], events: Sequence[Any], started_at: int) -> dict[str, Any]:
    """Return usage with the time of the first event that tells of a first token, unless that is stated."""
    if FIRST_TIME in found:
        return found
    named = (each for each in events if isinstance(each, dict) and _FIRST.search(str(each.get("name"))))
    times = (_since_start(each.get("timeUnixNano") or each.get("timestamp"), started_at) for each in named)
    first = next((time for time in times if time is not None), None)
    return found if first is None else {**found, FIRST_TIME: first}


def _decoded_events(events: Json) -> list[Any]:
    try:
        return _EVENTS.decode(events)
    except (msgspec.DecodeError, RecursionError):
        return []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any, *, largest: float = float("inf")) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= largest and isfinite(value) and value >= 0 else None


def _count(value: Any) -> int | None:
    number = _number(value, largest=LARGEST_COUNT)
    return int(number) if number is not None and number.is_integer() else None


_AS: Mapping[str, Any] = {"model": _text, "provider": _text, "cost_usd": _as_stated}
_MEASURES: Mapping[str, Any] = {"": _as_stated, "s": _seconds, "s/token": _rate, "moment": _since_start}
_SPEED_FIELDS = frozenset({FIRST_TIME, "tokens_per_second"})
_Readers: TypeAlias = Sequence[tuple[str, Callable[[Any], Any], Sequence[Way]]]


def _readers_among(keys: tuple[str, ...]) -> tuple[_Readers, Sequence[tuple[str, Way]]]:
    """Return what reads attributes with some keys: for each field the ways that are there, and those of speeds."""
    there = frozenset(keys)
    found = [(field, [way for way in ways if way.key in there]) for field, ways in KEYS.items()]
    readers = [(field, _AS.get(field, _count), ways) for field, ways in found if ways and field not in _SPEED_FIELDS]
    return readers, [(field, way) for field, ways in found if field in _SPEED_FIELDS for way in ways]


_known_readers = lru_cache(4_096)(_readers_among)
"""The same, worked out once: most spans have the keys of others."""
