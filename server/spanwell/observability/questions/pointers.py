"""JSON Pointers (RFC 6901): how a value inside a JSON document is addressed."""

import re
from typing import Any

from spanwell.observability.model.errors import InvalidInput

from .conditions import MANY, Level

_POINTER = re.compile(r"(/([^~]|~[01])*)?", re.DOTALL)
_INDEX = re.compile(r"0|[1-9]\d{0,8}", re.ASCII)

ABSENT = object()
"""What a pointer gives that leads nowhere; JSON's null is a value."""


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


def _pointer(level: Level, key: str) -> str:
    flat = "/" + key.replace("~", "~0").replace("/", "~1")
    return "/attributes" + flat if level in MANY else flat


def follow(document: Any, pointer: str) -> Any:
    """Return the value that a pointer addresses, or `ABSENT`."""
    for part in pointer.split("/")[1:]:
        document = _step(document, part.replace("~1", "/").replace("~0", "~"))
    return document


def _step(document: Any, key: str) -> Any:
    if isinstance(document, dict):
        return document.get(key, ABSENT)
    if isinstance(document, list) and _INDEX.fullmatch(key) and int(key) < len(document):
        return document[int(key)]
    return ABSENT
