"""Reads the `input` and `output` of a span from attributes, by semantic conventions.

Contents may be text, JSON text, lists, or flattened into several keys. Whatever the form, a span's `input` and `output`
are JSON. Empty contents give way to others.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spanwell.observability.model.columns import Json

from .rows.contents import CALLS, SIDES, holds_contents, side_by_shape
from .rows.row import Way, ways_of
from .spelled_out import put_together, spelled_out
from .values import as_json, decoded, follow, is_empty, says_nothing

_WAYS: Mapping[str, Sequence[Way]] = ways_of(row for rows in SIDES.values() for row in rows)
_PATTERNS = {
    way.key: re.compile("^" + "[^.]+".join(map(re.escape, way.key.split("*"))) + "$", re.MULTILINE)
    for ways in _WAYS.values()
    for way in ways
    if "*" in way.key
}


BY_SHAPE = "shape"
"""The unit of ways to attributes that no table names: numbers in them are not contents."""


@dataclass(frozen=True)
class Place:
    """Where one side may be among a set of keys: the ways to it, the best first, and which of them are flattened."""

    side: str
    ways: Sequence[Way]
    spelled: frozenset[str]


def places_among(keys: Iterable[str]) -> list[Place]:
    """Return the places of `input` and `output` among a set of keys; sides without any are left out."""
    there = frozenset(keys)
    names = spelled_out(there)
    spelled = frozenset(filter(holds_contents, names))
    known = there | spelled
    lines = "\n".join(known)
    found: list[Place] = []
    for side, ways in _WAYS.items():
        named = list(_among(ways, known, lines))
        others = names.union(there).difference(way.key for way in named)
        by_shape = [Way(name, unit=BY_SHAPE) for name in sorted(others) if side_by_shape(name) == side]
        if named or by_shape:
            found.append(Place(side, [*named, *by_shape], spelled.union(way.key for way in by_shape) - there))
    return found


def _among(ways: Iterable[Way], there: frozenset[str], lines: str) -> Iterator[Way]:
    for way in ways:
        if way.key in there:
            yield way
        elif way.key in _PATTERNS:
            yield from (Way(key) for key in sorted(_PATTERNS[way.key].findall(lines)))


def contents_of(attributes: Mapping[str, Any], places: Iterable[Place]) -> dict[str, Json]:
    """Return the `input` and `output` that attributes hold at the places; missing ones are left out."""
    found: dict[str, Json] = {}
    for place in places:
        if (value := _content(attributes, place)) is not None:
            found[place.side] = value
    return found


def _content(attributes: Mapping[str, Any], place: Place) -> Json | None:
    """Return the first content that is not empty, else the first that is present."""
    rest: Json | None = None
    for way in place.ways:
        value = put_together(attributes, way.key) if way.key in place.spelled else attributes[way.key]
        if way.unit == BY_SHAPE and not isinstance(value, str | list | dict):
            continue
        if way.key in CALLS and (calls := _calls(attributes, CALLS[way.key])):
            return as_json(
                calls if says_nothing(value) else {"role": "assistant", "content": value, "tool_calls": calls}
            )
        if says_nothing(value):
            if rest is None and value not in (None, ""):
                rest = as_json(value)
        elif (found := _read(attributes, place.side, way, value)) is not None:
            return found
    return rest


def _calls(attributes: Mapping[str, Any], key: str) -> Any:
    """Return the tool calls under a key, if there are any."""
    calls = attributes.get(key)
    return None if is_empty(calls) else decoded(calls)


def _read(attributes: Mapping[str, Any], side: str, way: Way, value: Any) -> Json | None:
    if way.path:
        found = follow(value, way.path)
        return None if is_empty(found) else as_json(found)
    if way.key == f"{side}.value":
        kind = attributes.get(f"{side}.mime_type")
        return as_json(value, of_json={"text/plain": False, "application/json": True}.get(str(kind)))
    return as_json(value, of_json=True if way.path == () else None)
