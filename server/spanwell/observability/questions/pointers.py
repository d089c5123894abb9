"""JSON Pointers (RFC 6901), which address values inside a JSON document."""

import re
from typing import Any

from spanwell.observability.model.errors import InvalidInput

from .conditions import MANY, Level

_POINTER = re.compile(r"(/([^~]|~[01])*)?", re.DOTALL)
_MOST_STEPS = 100
_INDEX = re.compile(r"0|[1-9]\d{0,8}", re.ASCII)


def attribute_pointer(level: Level, key: str) -> str:
    """Return the pointer of an attribute key. Raises `InvalidInput`.

    A key that begins with `/` is a pointer itself; any other is a flat key, dots included. Events and links have their
    attributes in an object of their own.
    """
    if key.startswith("/"):
        if not _POINTER.fullmatch(key):
            raise InvalidInput("is not a JSON Pointer: `~` must be written `~0`, and `/` in a key `~1`")
        if key.count("/") > _MOST_STEPS:
            raise InvalidInput(f"is a JSON Pointer of more than {_MOST_STEPS} steps")
        return key
    return _pointer(level, key)


def flat_key(level: Level, key: str) -> str:
    """Return the spelling of a flat key for `attribute_pointer`: a pointer if it begins with `/`, else unchanged."""
    return _pointer(level, key) if key.startswith("/") else key


def member_pointer(key: str) -> str:
    """Return the pointer to a member of an object."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _pointer(level: Level, key: str) -> str:
    flat = member_pointer(key)
    return "/attributes" + flat if level in MANY else flat


def steps_of(pointer: str) -> list[str]:
    """Return the steps of a pointer."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def is_index(key: str) -> bool:
    """Return whether a step is the index of an element in a list."""
    return _INDEX.fullmatch(key) is not None


def reach(document: Any, pointer: str) -> list[Any]:
    """Return the values that a pointer addresses; in a list, a step that is not an index goes into each element."""
    values = [document]
    for key in steps_of(pointer):
        values = [inner for value in values for inner in _step(value, key)]
    return values


def direct(document: Any, pointer: str) -> Any:
    """Return the value that a pointer addresses without descending into the elements of lists, or None."""
    for key in steps_of(pointer):
        if isinstance(document, dict):
            document = document.get(key)
        elif isinstance(document, list) and is_index(key) and int(key) < len(document):
            document = document[int(key)]
        else:
            return None
    return document


def _step(document: Any, key: str) -> list[Any]:
    if isinstance(document, list) and not is_index(key):
        return [element[key] for element in document if isinstance(element, dict) and key in element]
    if isinstance(document, dict):
        return [document[key]] if key in document else []
    return [document[int(key)]] if isinstance(document, list) and int(key) < len(document) else []
