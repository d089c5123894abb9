"""Attribute values: plain data, or JSON text."""

import sys
from collections.abc import Sequence
from typing import Any

import msgspec

from spanwell.observability.model.columns import Json
from spanwell.observability.model.text import json_of

_CHECK: msgspec.json.Decoder[msgspec.Raw] = msgspec.json.Decoder(msgspec.Raw)
"""Checks whether text is JSON without building objects."""
_EMPTY = frozenset({"", "{}", "[]", "null"})


def decoded(value: Any) -> Any:
    """Return the value of JSON text; any other value unchanged."""
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return value


def nested(value: Any) -> dict[str, Any] | list[Any] | None:
    """Return a value that is an object or list, also as JSON text; None if it is neither."""
    if isinstance(value, str):
        value = decoded(value) if value.lstrip()[:1] in ("{", "[") else None
    return value if isinstance(value, dict | list) else None


def follow(value: Any, path: Sequence[str] | None) -> Any:
    """Return the value at a path in a value, which may be JSON text; None if there is nothing."""
    if path is None:
        return value
    found = decoded(value)
    for at, part in enumerate(path):
        if part == "*":
            inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
            each = [follow(item, path[at + 1 :]) for item in inner]
            return [item for item in each if item is not None] or None
        if isinstance(found, list):
            found = found[int(part)] if part.isdecimal() and int(part) < len(found) else None
        else:
            found = found.get(part) if isinstance(found, dict) else None
    return found


def is_empty(value: Any) -> bool:
    """Return whether a value is empty, so that it gives way to another."""
    return value is None or (value.strip() in _EMPTY if isinstance(value, str) else value in ({}, []))


_ASIDE = frozenset({"role", "finish_reason", "finishReason", "index", "id", "type", "name"})
_NOTHING = ("[]", '""', "null")
"""Texts, one of which occurs in any list with empty messages."""
_SHORT = 512


def says_nothing(value: Any) -> bool:
    """Return whether a value is empty, or a list of empty messages."""
    if is_empty(value):
        return True
    if isinstance(value, str) and not _may_be_messages(value):
        return False
    messages = decoded(value)
    return isinstance(messages, list) and all(
        isinstance(each, dict)
        and "role" in each
        and all(is_empty(inner) for name, inner in each.items() if name not in _ASIDE)
        for each in messages
    )


def _may_be_messages(text: str) -> bool:
    """Return whether a text may be a list of messages, some of them empty."""
    return len(text) <= _SHORT and text.lstrip()[:1] == "[" and any(nothing in text for nothing in _NOTHING)


def is_json(text: str) -> bool:
    """Return whether a text is JSON."""
    try:
        _CHECK.decode(text)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return False
    return True


def number_in(value: Any) -> float | None:
    """Return a value if it is a finite number, else None."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) <= sys.float_info.max else None


def as_json(value: Any, *, of_json: bool | None = None) -> Json:
    """Return a value as JSON.

    Text that is a JSON object, list or string stays unchanged. If `of_json` is true, text is known to be JSON of any
    type; if it is false, text is known not to be JSON, and becomes a JSON string.
    """
    if isinstance(value, str) and of_json is not False:
        may_be = of_json or value.lstrip()[:1] in ("{", "[", '"')
        if may_be and is_json(value):
            return Json(value)
    return json_of(value)
