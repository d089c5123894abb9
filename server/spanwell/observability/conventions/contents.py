"""What a span was given and what it returned, as semantic conventions put it into attributes.

Contents come as text, as JSON in text, as lists, or flattened: `llm.input_messages.0.message.role`. Whatever the form,
`input` and `output` of a span are JSON.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import msgspec

from spanwell.observability.model.columns import Json

from .content_keys import INPUTS, KEYS, MASTRA, OUTPUTS, is_of_mastra

_FLAT_INPUTS = ("llm.input_messages.", "gen_ai.prompt.")
_FLAT_OUTPUTS = ("llm.output_messages.", "gen_ai.completion.")
_MOST_MESSAGES = 10_000
_CHECK: msgspec.json.Decoder[msgspec.Raw] = msgspec.json.Decoder(msgspec.Raw)
"""Tells whether text is JSON without making anything of it."""

_SIDES = {"input": (INPUTS, _FLAT_INPUTS), "output": (OUTPUTS, _FLAT_OUTPUTS)}
"""For each side its keys, the best first, and what its flattened keys begin with."""
_IS_FLAT = re.compile(
    "|".join(rf"^{re.escape(start)}" for start in (MASTRA, *_FLAT_INPUTS, *_FLAT_OUTPUTS)), re.MULTILINE
)
"""Finds a key that begins so among keys on a line each: one search instead of one for each key."""


@dataclass(frozen=True)
class Place:
    """Where among some keys one side is: the keys that may hold all of it, Mastra's own, and prefixes of its parts."""

    side: str
    keys: Sequence[str]
    mastra: str | None = None
    prefixes: Sequence[str] = ()


def places_among(keys: Iterable[str]) -> list[Place]:
    """Return where those of `input` and `output` are that attributes with some keys may state."""
    there = set(keys)
    is_flat = _IS_FLAT.search("\n".join(there)) is not None
    if not is_flat and KEYS.isdisjoint(there):
        return []
    found = (_place_among(keys, there, side, is_flat=is_flat) for side in _SIDES)
    return [place for place in found if place.keys or place.mastra or place.prefixes]


def _place_among(keys: Iterable[str], there: AbstractSet[str], side: str, *, is_flat: bool) -> Place:
    known, prefixes = _SIDES[side]
    whole = [key for key in known if key in there]
    if not is_flat:
        return Place(side, whole)
    mastra = next((key for key in keys if is_of_mastra(key, side)), None)
    return Place(side, whole, mastra, [prefix for prefix in prefixes if any(key.startswith(prefix) for key in keys)])


def contents_of(attributes: Mapping[str, Any], places: Iterable[Place]) -> dict[str, Json]:
    """Return those of `input` and `output` that attributes state at some places."""
    found: dict[str, Json] = {}
    for place in places:
        if (value := _content(attributes, place)) is not None:
            found[place.side] = value
    return found


def _content(attributes: Mapping[str, Any], place: Place) -> Json | None:
    key = next((key for key in place.keys if attributes[key] is not None), place.mastra)
    if key is not None:
        of_value = key == f"{place.side}.value"
        return _as_json(attributes[key], attributes.get(f"{place.side}.mime_type") if of_value else None)
    for prefix in place.prefixes:
        if messages := _unflattened(attributes, prefix):
            return Json(msgspec.json.encode(messages).decode())
    return None


def _as_json(value: Any, mime_type: object) -> Json:
    """Return a value as JSON; text that is a JSON object or list stays as it is, unless it is said to be plain text."""
    if isinstance(value, str) and mime_type != "text/plain" and value.lstrip()[:1] in ("{", "["):
        try:
            _CHECK.decode(value)
        except (msgspec.DecodeError, RecursionError, ValueError):
            pass
        else:
            return Json(value)
    return Json(msgspec.json.encode(value).decode())


def _unflattened(attributes: Mapping[str, Any], prefix: str) -> list[Any]:
    """Return the list that keys such as `<prefix>0.message.role` spell out, in the order of its numbers."""
    items: dict[int, dict[str, Any]] = {}
    for key, value in attributes.items():
        number, _, rest = key.removeprefix(prefix).partition(".") if key.startswith(prefix) else ("", "", "")
        if number.isascii() and number.isdigit() and len(number) < 6 and rest:
            _put(items.setdefault(int(number), {}), rest.split("."), value)
    found = [_lists(items[number]) for number in sorted(items)[:_MOST_MESSAGES]]
    return [item["message"] if isinstance(item, dict) and item.keys() == {"message"} else item for item in found]


def _put(target: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        below = target.get(part)
        if not isinstance(below, dict):
            below = target[part] = {}
        target = below
    target.setdefault(path[-1], value)


def _lists(value: Any) -> Any:
    """Return an object whose keys are all numbers as a list, at every depth."""
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(each) for key, each in value.items()}
    if inner and all(key.isascii() and key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
