"""Reads single values of files, as strictly as the API."""

from collections.abc import Mapping
from typing import Any

import msgspec

from spanwell.observability.model.columns import Json, Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.text import json_of
from spanwell.observability.model.times import parse_moment, plain_epoch

_ANY = msgspec.json.Decoder()
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])

WRONG_TYPE = "has a value of the wrong type"


def read_moment(value: float | str) -> Nanos:
    """Return the time in RFC 3339 text, or in nanoseconds as a number or digits. Raises `InvalidInput`.

    A number that is clearly in a larger unit is read as such, and is `Rescaled`.
    """
    if isinstance(value, str) and not value.lstrip("-").isdecimal():
        return parse_moment(value)
    return plain_epoch(int(value) if isinstance(value, str) else value)


def read_json(text: str) -> Json | None:
    """Return a JSON value's text unchanged; None for null. Raises `InvalidInput`."""
    return None if parse(text) is None else Json(text)


def parse(text: str | bytes) -> Any:
    """Return a JSON value. Raises `InvalidInput`."""
    try:
        return _ANY.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidInput("is not JSON") from None


def merge_attributes(attributes: Json | None, others: Mapping[str, msgspec.Raw]) -> Json:
    """Return attributes with others added, which take precedence. Raises `InvalidInput`."""
    try:
        members = _OBJECT.decode(attributes) if attributes is not None else {}
    except msgspec.DecodeError:
        raise InvalidInput("is not an object, so other columns cannot be added to it") from None
    return json_of({**members, **others})


def read_others(others: str) -> Json | None:
    """Return an object's text without its null members; None if none are left. Raises `InvalidInput`."""
    members: dict[str, Any] = parse(others)
    if None not in members.values():
        return Json(others)
    raw = _OBJECT.decode(others)
    present = {name: raw[name] for name, value in members.items() if value is not None}
    return merge_attributes(None, present) if present else None


def read_attributes(texts: tuple[str | None, str]) -> Json | None:
    """Return attributes with those of another object added, both as text. Raises `InvalidInput`."""
    attributes = read_json(texts[0]) if texts[0] is not None else None
    others = read_others(texts[1])
    if attributes is None or others is None:
        return attributes or others
    return merge_attributes(attributes, _OBJECT.decode(others))
