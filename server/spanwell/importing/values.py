"""Reads single values of files: strict, so that nothing comes in that the API itself would refuse."""

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
    """Return the moment that RFC 3339 text, or nanoseconds as a number or as digits, name. Raises `InvalidInput`.

    A number that plainly is of a larger unit is read as such, and is `Rescaled`.
    """
    if isinstance(value, str) and not value.lstrip("-").isdecimal():
        return parse_moment(value)
    return plain_epoch(int(value) if isinstance(value, str) else value)


def read_json(text: str) -> Json | None:
    """Return a JSON value's text as it is; None for null. Raises `InvalidInput`."""
    return None if parse(text) is None else Json(text)


def parse(text: str | bytes) -> Any:
    """Return a JSON value. Raises `InvalidInput`."""
    try:
        return _ANY.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidInput("is not JSON") from None


def merge_attributes(given: Json | None, others: Mapping[str, msgspec.Raw]) -> Json:
    """Return attributes with more of them, which win over the given. Raises `InvalidInput`."""
    try:
        attributes = _OBJECT.decode(given) if given is not None else {}
    except msgspec.DecodeError:
        raise InvalidInput("is not an object, so other columns cannot be added to it") from None
    return json_of({**attributes, **others})


def read_others(others: str) -> Json | None:
    """Return an object's text without the members that are null; None if none is left. Raises `InvalidInput`."""
    members: dict[str, Any] = parse(others)
    if None not in members.values():
        return Json(others)
    raw = _OBJECT.decode(others)
    present = {name: raw[name] for name, value in members.items() if value is not None}
    return merge_attributes(None, present) if present else None


def read_attributes(given_and_others: tuple[str | None, str]) -> Json | None:
    """Return given attributes with those of another object, both as text. Raises `InvalidInput`."""
    given = read_json(given_and_others[0]) if given_and_others[0] is not None else None
    others = read_others(given_and_others[1])
    return (
        merge_attributes(given, _OBJECT.decode(others)) if given is not None and others is not None else given or others
    )
