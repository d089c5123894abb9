"""Model, tokens, cost and speed of a span, read from its attributes when it is stored, by the table in `rows.usage`.

The first attribute that is there and holds a number wins. By the semantic conventions `inputTokens` includes those that
were read from a cache or written to one; where a source counts them beside the input, they are added to it.
"""

import re
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

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

_SLOTS = {key: slot for slot, key in enumerate(sorted({way.key for ways in KEYS.values() for way in ways}))}
_Known = msgspec.defstruct(
    "_Known",
    [(f"slot_{slot}", Any, None) for slot in _SLOTS.values()],
    rename={f"slot_{slot}": key for key, slot in _SLOTS.items()},
)
_DECODER = msgspec.json.Decoder(_Known)
"""Decodes only the keys of the table; all others are skipped without being built."""
_EVENTS = msgspec.json.Decoder(list[Any])


def read_usage(
    attributes: Json | None, started_at: int = 0, ended_at: int | None = None, events: Json | None = None
) -> dict[str, Any]:
    """Return those of the table's fields that a span states; moments become times since its start."""
    found = _stated(attributes, started_at, ended_at) if attributes is not None else {}
    if FIRST_TIME not in found and events is not None and _FIRST.search(events):
        first = _of_events(events, started_at)
        return found if first is None else {**found, FIRST_TIME: first}
    return found


def _stated(attributes: Json, started_at: int, ended_at: int | None) -> dict[str, Any]:
    try:
        values = msgspec.structs.astuple(_DECODER.decode(attributes))
    except (msgspec.DecodeError, RecursionError):
        return {}
    if values.count(None) == len(values):
        return {}
    found, beside = _read(values)
    found |= _speeds(values, started_at, ended_at)
    _add_caches(found, beside=beside)
    if "total_tokens" not in found and ("input_tokens" in found or "output_tokens" in found):
        total = found.get("input_tokens", 0) + found.get("output_tokens", 0)
        found["total_tokens"] = min(total, LARGEST_COUNT)
    return found


def _read(values: Sequence[Any]) -> tuple[dict[str, Any], bool]:
    """Return what is stated, and whether some of it is counted beside the input."""
    found: dict[str, Any] = {}
    beside = False
    for field, read, ways in _READERS:
        for slot, way in ways:
            if values[slot] is not None and (value := read(follow(values[slot], way.path))) is not None:
                found[field] = value
                beside = beside or way.unit == "beside"
                break
    return found, beside


def _speeds(values: Sequence[Any], started_at: int, ended_at: int | None) -> dict[str, float]:
    found: dict[str, float] = {}
    for field, slot, way in _SPEEDS:
        if values[slot] is not None and field not in found:
            speed = _MEASURES[way.unit](follow(values[slot], way.path), started_at, ended_at)
            if speed is not None:
                found[field] = speed
    return found


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


def _of_events(events: Json, started_at: int) -> float | None:
    """Return when the first event that tells of a first token was."""
    try:
        listed = _EVENTS.decode(events)
    except (msgspec.DecodeError, RecursionError):
        return None
    named = (each for each in listed if isinstance(each, dict) and _FIRST.search(str(each.get("name"))))
    times = (_since_start(each.get("timeUnixNano") or each.get("timestamp"), started_at) for each in named)
    return next((time for time in times if time is not None), None)


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
_SLOTTED = [(field, [(_SLOTS[way.key], way) for way in ways]) for field, ways in KEYS.items()]
_READERS = tuple((field, _AS.get(field, _count), ways) for field, ways in _SLOTTED if field not in _SPEED_FIELDS)
_SPEEDS = tuple((field, slot, way) for field, ways in _SLOTTED if field in _SPEED_FIELDS for slot, way in ways)
