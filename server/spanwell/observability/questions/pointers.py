"""JSON Pointers (RFC 6901): how a value inside a JSON document is addressed."""

import re
from typing import Any

from spanwell.observability.model.errors import InvalidInput

from .conditions import MANY, Level

_POINTER = re.compile(r"(/([^~]|~[01])*)?", re.DOTALL)
_INDEX = re.compile(r"0|[1-9]\d{0,8}", re.ASCII)


def attribute_pointer(level: Level, key: str) -> str:
    """Return the pointer that an attribute's key means.

    A key that begins with `/` is a pointer itself; any other is one flat key, dots and all. Events and links keep their
    attributes in an object of their own. Raises `InvalidInput`.
    """
    if key.startswith("/"):
        if not _POINTER.fullmatch(key):
            raise InvalidInput("is not a JSON Pointer: `~` must be written `~0`, and `/` in a key `~1`")
        return key
    return _pointer(level, key)


def flat_key(level: Level, key: str) -> str:
    """Return how a flat key is spelled for `attribute_pointer`: as a pointer if it begins with `/`, else as it is."""
    return _pointer(level, key) if key.startswith("/") else key


def member_pointer(key: str) -> str:
    """Return the pointer to a member of an object."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _pointer(level: Level, key: str) -> str:
    flat = member_pointer(key)
    return "/attributes" + flat if level in MANY else flat


def steps_of(pointer: str) -> list[str]:
    """Return the keys that a pointer goes through."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def is_index(key: str) -> bool:
    """Return whether a key is the place of an element in a list."""
    return _INDEX.fullmatch(key) is not None


def reach(document: Any, pointer: str) -> list[Any]:
    """Return the values that a pointer addresses; in a list, a key that is no index goes into each element."""
    found = [document]
    for key in steps_of(pointer):
        found = [value for one in found for value in _step(one, key)]
    return found


def direct(document: Any, pointer: str) -> Any:
    """Return the value that a pointer addresses without going into the elements of a list; None if there is none."""
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
