"""Reassembles lists and objects that are flattened into keys: `llm.input_messages.0.message.role`."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_MOST_ITEMS = 10_000
_NUMBERED = re.compile(r"^(.+?)\.\d{1,5}(?:\.|$)", re.MULTILINE)
"""Finds the part before the first number in keys, one per line: a single search for all keys."""


def spelled_out(keys: Iterable[str]) -> frozenset[str]:
    """Return the names of flattened attributes: the part of their keys before the first number."""
    return frozenset(_NUMBERED.findall("\n".join(keys)))


def put_together(attributes: Mapping[str, Any], name: str) -> list[Any]:
    """Return the list flattened into keys such as `<name>.0.message.role`, in numeric order."""
    prefix = f"{name}."
    items: dict[int, Any] = {}
    for key, value in attributes.items():
        if key.startswith(prefix):
            number, _, rest = key.removeprefix(prefix).partition(".")
            if number.isascii() and number.isdigit() and len(number) < 6:
                _put(items, int(number), rest.split(".") if rest else [], value)
    found = [_lists(items[number]) for number in sorted(items)[:_MOST_ITEMS]]
    return [item["message"] if isinstance(item, dict) and item.keys() == {"message"} else item for item in found]


def _put(target: dict[Any, Any], first: int, path: list[str], value: Any) -> None:
    """Set a value at a path. An object wins over a plain value in the same place."""
    place: Any = first
    for part in path:
        below = target.get(place)
        if not isinstance(below, dict):
            below = target[place] = {}
        target, place = below, part
    target.setdefault(place, value)


def _lists(value: Any) -> Any:
    """Return an object whose keys are all numbers as a list, at every depth."""
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(each) for key, each in value.items()}
    if inner and all(key.isascii() and key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
