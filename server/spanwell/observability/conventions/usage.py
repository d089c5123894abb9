"""Reads model, tokens, cost and speed of a span from its attributes when it is stored, by the table in `rows.usage`.

The first attribute that is present and holds a number wins; objects that hold all numbers of a call come last. By the
semantic conventions, `inputTokens` includes tokens read from or written to a cache, and `outputTokens` includes
reasoning tokens; if a source counts them separately, they are added.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any, TypeAlias

import msgspec

from spanwell.observability.model.columns import Json
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.times import parse_moment
from spanwell.observability.model.trace import LARGEST_COUNT

from .rows.row import Way, ways_of
from .rows.usage import PARTS_OF_COSTS, UNCACHED, USAGE
from .rows.usage_objects import BESIDE, MEMBERS, OBJECTS
from .values import follow

KEYS: Mapping[str, Sequence[Way]] = ways_of(USAGE)
"""For each field the ways to fill it, the best first."""

FIRST_TIME = "time_to_first_token_ms"
COUNTED = KEYS.keys() - {"model", "provider", FIRST_TIME, "tokens_per_second"}
"""The fields that add up."""
_LARGEST = 1e15
"""A cost or time above this is taken for a mistake."""
_NS_PER_MS = 1_000_000
_NO_SORT = re.compile("cost|priority|ephemeral", re.IGNORECASE)
"""Part of the names of members that are no sort of tokens: money, and tokens that other members count too."""
_NUMBER = re.compile(r"\d{1,20}(?:\.\d{1,20})?(?:[eE]-?\d{1,3})?", re.ASCII)

_OBJECTS = ways_of(OBJECTS)["usage"]
_COST_PARTS = [ways_of([each])["cost_usd"] for each in PARTS_OF_COSTS]
_UNCACHED = ways_of(UNCACHED)["input_tokens"]
_MEMBERS = {
    tuple(member.split("/")): (field, rank, member in BESIDE)
    for field, members in MEMBERS.items()
    for rank, member in enumerate(members)
}
"""For each member of an object with tokens: its field, its precedence, and whether caches are counted separately."""

_NAMES = sorted({way.key for ways in (*KEYS.values(), _OBJECTS, *_COST_PARTS, _UNCACHED) for way in ways})
_Known = msgspec.defstruct(
    "_Known",
    [(f"slot_{slot}", Any, None) for slot, _ in enumerate(_NAMES)],
    rename={f"slot_{slot}": key for slot, key in enumerate(_NAMES)},
    omit_defaults=True,
)
_DECODER = msgspec.json.Decoder(_Known)
"""Decodes only the keys of the table; others are skipped without building objects."""
_MOST_KEYS = 128
"""The most keys of a span for which the readers are cached."""


def stated_usage(attributes: Mapping[str, Any], started_at: int = 0, ended_at: int | None = None) -> dict[str, Any]:
    """Return the table's fields that attributes state; timestamps become times since the start of the span."""
    keys = tuple(attributes)
    readers = _known_readers(keys) if len(keys) <= _MOST_KEYS else _readers_among(keys)
    if readers is None:
        return {}
    found, beside = _read(attributes, readers.fields)
    for way in readers.objects:
        members = follow(attributes[way.key], way.path)
        if isinstance(members, dict):
            stated, counts_beside = _read_object(members)
            if way.unit == "apart":
                _add_sorts(stated, members)
            beside = beside or (counts_beside and not way.unit)
            found = stated | found
    for field, way in readers.speeds:
        if field not in found:
            speed = _MEASURES[way.unit](follow(attributes[way.key], way.path), started_at, ended_at)
            if speed is not None:
                found[field] = speed
    if "cost_usd" not in found and (cost := _cost(attributes, readers.costs)) is not None:
        found["cost_usd"] = cost
    counts = (_count(follow(attributes[way.key], way.path)) for way in readers.uncached)
    _add_up(found, next((count for count in counts if count is not None), None), beside=beside)
    return found


def known_attributes(attributes: Json) -> dict[str, Any]:
    """Return the attributes that state usage."""
    try:
        found: dict[str, Any] = msgspec.to_builtins(_DECODER.decode(attributes))
    except (msgspec.DecodeError, RecursionError):
        return {}
    return found


def _read(attributes: Mapping[str, Any], readers: "_Fields") -> tuple[dict[str, Any], bool]:
    """Return the stated fields, and whether caches are counted separately from the input."""
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


def _cost(attributes: Mapping[str, Any], sources: Sequence[Sequence[Way]]) -> float | None:
    """Return the sum of the parts of a cost, by the first source that states any."""
    for ways in sources:
        parts = [follow(attributes[way.key], way.path) for way in ways]
        costs = [_as_stated(each) for part in parts for each in (part if isinstance(part, list) else [part])]
        if any(cost is not None for cost in costs):
            return round(sum(filter(None, costs)), 12)
    return None


def _read_object(members: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """Return the fields that an object's members state, and whether their names count caches separately."""
    found: dict[str, Any] = {}
    ranks: dict[str, int] = {}
    beside = False
    for path, value in _two_deep(members):
        known = _MEMBERS.get(path)
        if known is None:
            continue
        field, rank, is_beside = known
        if rank < ranks.get(field, len(_MEMBERS)) and (count := _count(value)) is not None:
            found[field], ranks[field] = count, rank
            beside = beside or is_beside
    return found, beside


def _add_sorts(found: dict[str, Any], members: Mapping[str, Any]) -> None:
    """Replace input and output by the sums of their sorts, unless the stated total is right without them."""
    if found.get("total_tokens") == found.get("input_tokens", 0) + found.get("output_tokens", 0):
        return
    for side in ("input", "output"):
        counts = [_count(value) for name, value in members.items() if side in name and not _NO_SORT.search(name)]
        if any(count is not None for count in counts):
            found[f"{side}_tokens"] = min(sum(filter(None, counts)), LARGEST_COUNT)


def _two_deep(members: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in members.items():
        if isinstance(value, dict):
            yield from (((name, inner), each) for inner, each in value.items())
        else:
            yield (name,), value


def _add_up(found: dict[str, Any], uncached: int | None, *, beside: bool) -> None:
    """Compute the totals, with the tokens that a source counts separately from input or output."""
    if "input_tokens" not in found and "output_tokens" not in found:
        return
    _add_caches(found, uncached, beside=beside)
    _add_reasoning(found)
    both = found.get("input_tokens", 0) + found.get("output_tokens", 0)
    found["total_tokens"] = min(max(found.get("total_tokens", 0), both), LARGEST_COUNT)


def _add_caches(found: dict[str, Any], uncached: int | None, *, beside: bool) -> None:
    """Add cache tokens to the input if the source counts them separately.

    It does if it states the uncached input, and no more input than that; if there are more cache tokens than input; or
    if the stated total is only right with them; also if it uses names that imply it, unless the stated total is right
    without them.
    """
    caches = found.get("cached_input_tokens", 0) + found.get("cache_write_input_tokens", 0)
    if not caches or "input_tokens" not in found:
        return
    both = found["input_tokens"] + found.get("output_tokens", 0)
    total = found.get("total_tokens")
    if uncached is not None:
        beside, total = found["input_tokens"] <= uncached, None
    if caches > found["input_tokens"] or total == both + caches or (beside and total != both):
        found["input_tokens"] = min(found["input_tokens"] + caches, LARGEST_COUNT)


def _add_reasoning(found: dict[str, Any]) -> None:
    """Add reasoning tokens to the output if the stated total has room for them, as Gemini's does."""
    reasoning, output = found.get("reasoning_tokens", 0), found.get("output_tokens")
    if reasoning and output is not None:
        both = found.get("input_tokens", 0) + output
        if found.get("total_tokens", 0) >= both + reasoning:
            found["output_tokens"] = min(output + reasoning, LARGEST_COUNT)


def _as_stated(value: Any, *_: Any) -> float | None:
    return _number(value, largest=_LARGEST)


def _seconds(value: Any, started_at: int, ended_at: int | None) -> float | None:
    """Return seconds as milliseconds; a time longer than the span must have been in milliseconds already."""
    number = _number(value, largest=_LARGEST)
    if number is None:
        return None
    lasted = None if ended_at is None else (ended_at - started_at) / _NS_PER_MS
    return number if lasted is not None and number * 1000 > lasted >= number else number * 1000


def _rate(value: Any, *_: Any) -> float | None:
    """Return tokens per second from seconds per token."""
    number = _number(value, largest=_LARGEST)
    return 1 / number if number else None


def since_start(value: Any, started_at: int, *_: Any) -> float | None:
    """Return the milliseconds from a span's start to a timestamp: RFC 3339, maybe quoted, or nanoseconds."""
    text = str(value).strip('"')
    try:
        moment = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else parse_moment(text)
    except InvalidInput:
        return None
    return (moment - started_at) / _NS_PER_MS if moment >= started_at else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any, *, largest: float = float("inf")) -> float | None:
    """Return a number, also from text, as some frameworks write all attributes; None if it is not a number."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= largest and isfinite(value) and value >= 0 else None


def _count(value: Any) -> int | None:
    number = _number(value, largest=LARGEST_COUNT)
    return int(number) if number is not None and number.is_integer() else None


_AS: Mapping[str, Any] = {"model": _text, "provider": _text, "cost_usd": _as_stated}
_MEASURES: Mapping[str, Any] = {"": _as_stated, "s": _seconds, "s/token": _rate, "moment": since_start}
_SPEED_FIELDS = frozenset({FIRST_TIME, "tokens_per_second"})
_Fields: TypeAlias = Sequence[tuple[str, Callable[[Any], Any], Sequence[Way]]]


@dataclass(frozen=True)
class _Readers:
    """The readers for a set of keys: for each field the ways present, and the objects, speeds and parts of costs."""

    fields: _Fields
    objects: Sequence[Way]
    speeds: Sequence[tuple[str, Way]]
    costs: Sequence[Sequence[Way]]
    uncached: Sequence[Way]


def _readers_among(keys: tuple[str, ...]) -> _Readers | None:
    """Return the readers for a set of keys; None if there is nothing to read."""
    there = frozenset(keys)
    found = [(field, [way for way in ways if way.key in there]) for field, ways in KEYS.items()]
    readers = _Readers(
        [(field, _AS.get(field, _count), ways) for field, ways in found if ways and field not in _SPEED_FIELDS],
        [way for way in _OBJECTS if way.key in there],
        [(field, way) for field, ways in found if field in _SPEED_FIELDS for way in ways],
        [among for ways in _COST_PARTS if (among := [way for way in ways if way.key in there])],
        [way for way in _UNCACHED if way.key in there],
    )
    return readers if readers.fields or readers.objects or readers.speeds or readers.costs else None


_known_readers = lru_cache(4_096)(_readers_among)
"""The same, cached: most spans have the same keys as others."""
