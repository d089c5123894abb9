"""The scalars of the schema: moments to the nanosecond, and JSON that nothing rounds or reorders."""

import re
from collections.abc import Sequence
from math import isfinite
from typing import Any, cast

import msgspec
import orjson
import strawberry
from graphql import ConstValueNode, value_from_ast_untyped

from spanwell.graphql.library import read_literals
from spanwell.observability.model.columns import Json, Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.text import json_of
from spanwell.observability.model.times import format_moment, moment_of_milliseconds, parse_moment

_DIGITS = re.compile(r"-?\d{12,19}", re.ASCII)
_ENCODER = msgspec.json.Encoder()


def _read_moment(value: Any) -> Nanos:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return moment_of_milliseconds(value)
    if not isinstance(value, str):
        raise InvalidInput("is not an RFC 3339 date and time such as `2026-01-31T09:30:00.25Z`")
    if _DIGITS.fullmatch(value):
        return moment_of_milliseconds(int(value))
    return parse_moment(value)


def read_json(value: Any) -> Json:
    """Return a JSON value as its text, always written alike. Raises `InvalidInput`."""
    try:
        text = json_of(value)
    except (UnicodeEncodeError, ValueError, RecursionError):
        raise InvalidInput("is not valid JSON: invalid Unicode, or nested too deeply") from None
    _check_numbers(text, value)
    return Json(text)


def read_documents(values: Sequence[Any]) -> list[Json]:
    """Return JSON values as their texts, as `read_json` would one by one. Raises `InvalidInput`."""
    try:
        lines = _ENCODER.encode_lines(values)
    except (UnicodeEncodeError, ValueError, RecursionError):
        return list(map(read_json, values))  # which says what is wrong
    # No text has a line break in it: inside of strings it is escaped, and nothing is indented.
    texts = lines.decode().split("\n")[:-1]
    if b"null" in lines:
        for text, value in zip(texts, values, strict=True):
            _check_numbers(text, value)
    return cast("list[Json]", texts)


def _check_numbers(text: str, value: Any) -> None:
    if "null" in text and _has_infinite(value):  # msgspec writes null for NaN and the infinities
        raise InvalidInput("is not valid JSON: a number is too large, infinite or NaN")


def _has_infinite(value: Any) -> bool:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, float) and not isfinite(one):
            return True
    return False


def _read_json_literal(node: ConstValueNode) -> Json:
    return read_json(value_from_ast_untyped(node))


def _write_json(value: Json) -> orjson.Fragment:
    if type(value) is not str:  # else the whole answer would fail, and not this field
        raise TypeError("JSON is text")
    return orjson.Fragment(value)


DATE_TIME = strawberry.scalar(
    name="DateTime",
    description=(
        "A point in time with nanosecond precision, as RFC 3339 text such as `2026-01-31T09:30:00.25Z`. Results are "
        "always in UTC. Inputs may have any offset or a time zone, as in `2026-01-31T09:30[Europe/Berlin]`; without "
        "either they are read as UTC, and a date alone is midnight. A number, such as Grafana's `$__from`, is always "
        "milliseconds since 1970."
    ),
    specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
    serialize=format_moment,
    parse_value=_read_moment,
)

JSON = strawberry.scalar(
    name="JSON",
    description=(
        "Any JSON value: object, list, string, number, boolean or null. It is returned as it was sent, with the order "
        "of its keys and all digits of its numbers."
    ),
    specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
    serialize=_write_json,
    parse_value=read_json,
)

read_literals(JSON, write=_write_json, read=read_json, literal=_read_json_literal)

SCALARS: dict[object, Any] = {Nanos: DATE_TIME, Json: JSON}
"""The scalars that stand for the domain's types."""
