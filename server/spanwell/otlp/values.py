"""Converts OTLP attribute values to plain data and back, without loss.

Strings, booleans, numbers, lists and objects map to themselves. Values that JSON lacks become an object with one key,
named as in OTLP/JSON: `{"bytesValue": "<base64>"}` for bytes, `{"doubleValue": "NaN"}` for a number that is not finite.
An object that looks like one of these is wrapped in `{"kvlistValue": {..}}`. An absent value is null.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from contextlib import suppress
from math import isfinite
from typing import Any

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList

from spanwell.observability.model.text import json_of

BYTES, DOUBLE, OBJECT = "bytesValue", "doubleValue", "kvlistValue"
_MARKS = frozenset({BYTES, DOUBLE, OBJECT})
_NONE_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
_INT64 = range(-(2**63), 2**63)

_MESSAGES_OF_LIST, _MESSAGES_OF_OBJECT = 2, 3
_DEEPEST = 54
"""Messages within a value: readers, such as `json_messages`, allow at least sixty, of which six are around it."""


def plain_attributes(attributes: Iterable[KeyValue]) -> dict[str, Any]:
    """Return attributes as an object; of a repeated key, which OTLP forbids, the last counts."""
    found: dict[str, Any] = {}
    for each in attributes:
        value = each.value
        found[each.key] = value.string_value or plain_value(value)  # most are texts, so this saves a call
    return found


def plain_value(value: AnyValue) -> Any:
    """Return a value as plain data."""
    match value.WhichOneof("value"):
        case "string_value":
            return value.string_value
        case "int_value":
            return value.int_value
        case "bool_value":
            return value.bool_value
        case "double_value":
            return _plain_number(value.double_value)
        case "array_value":
            return list(map(plain_value, value.array_value.values))
        case "kvlist_value":
            found = plain_attributes(value.kvlist_value.values)
            return {OBJECT: found} if len(found) == 1 and not _MARKS.isdisjoint(found) else found
        case "bytes_value":
            return {BYTES: b64encode(value.bytes_value).decode()}
        case _:
            return None


def _plain_number(number: float) -> Any:
    if isfinite(number):
        return number
    return {DOUBLE: "NaN" if number != number else "Infinity" if number > 0 else "-Infinity"}  # noqa: PLR0124 - only NaN is not itself


def otlp_attributes(attributes: Mapping[str, Any], room: int = _DEEPEST) -> list[KeyValue]:
    """Return an object as attributes."""
    return [KeyValue(key=key, value=otlp_value(value, room)) for key, value in attributes.items()]


def otlp_value(value: Any, room: int = _DEEPEST) -> AnyValue:
    """Return plain data as a value, which has room for so many messages within it.

    Whole numbers beyond 64 bits become the nearest double, and what OTLP has no room for becomes JSON in a text.
    """
    match value:
        case None:
            return AnyValue()
        case bool():
            return AnyValue(bool_value=value)
        case str():
            return AnyValue(string_value=value)
        case int():
            return AnyValue(int_value=value) if value in _INT64 else _otlp_number(value)
        case float():
            return AnyValue(double_value=value)
        case _ if value and room < _MESSAGES_OF_OBJECT:
            return AnyValue(string_value=json_of(value))
        case list():
            within = room - _MESSAGES_OF_LIST
            return AnyValue(array_value=ArrayValue(values=[otlp_value(each, within) for each in value]))
        case _:
            return _otlp_object(value, room - _MESSAGES_OF_OBJECT)


def _otlp_number(value: int) -> AnyValue:
    try:
        return AnyValue(double_value=float(value))
    except OverflowError:
        return AnyValue(string_value=json_of(value))


def _otlp_object(value: Mapping[str, Any], room: int) -> AnyValue:
    if len(value) == 1:
        ((key, inner),) = value.items()
        if key == BYTES and isinstance(inner, str):
            with suppress(ValueError):
                return AnyValue(bytes_value=b64decode(inner))
        if key == DOUBLE and isinstance(inner, str) and inner in _NONE_FINITE:
            return AnyValue(double_value=_NONE_FINITE[inner])
        if key == OBJECT and isinstance(inner, dict):
            return _otlp_list(inner, room)
    return _otlp_list(value, room)


def _otlp_list(value: Mapping[str, Any], room: int) -> AnyValue:
    return AnyValue(kvlist_value=KeyValueList(values=otlp_attributes(value, room)))
