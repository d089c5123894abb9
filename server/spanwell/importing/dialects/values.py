"""Reads ids, times, kinds and status codes in the spellings of various programs."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Mapping
from typing import Any

from spanwell.observability.conventions.values import decoded
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span import SpanKind, StatusCode
from spanwell.observability.model.times import SECOND, parse_moment, plain_epoch

_UNFLATTENED = frozenset({"metadata"})
_WHOLE = re.compile(r"-?[0-9]{1,20}")
"""Attributes whose convention is an object; they are not flattened."""
_BASE64 = {24: 16, 12: 8}
"""The length of an id in base64, and its number of bytes."""
_OUTCOMES = {
    "": None,
    "UNSET": StatusCode.UNSET,
    "RUNNING": StatusCode.UNSET,
    "IN_PROGRESS": StatusCode.UNSET,
    "PENDING": StatusCode.UNSET,
    "OK": StatusCode.OK,
    "SUCCESS": StatusCode.OK,
    "ERROR": StatusCode.ERROR,
    "FAILED": StatusCode.ERROR,
    "FAILURE": StatusCode.ERROR,
    "0": StatusCode.UNSET,
    "1": StatusCode.OK,
    "2": StatusCode.ERROR,
}


def identifier(value: Any) -> str | None:
    """Return an id without `0x`, and as hexadecimal digits if it is base64 of 16 or 8 bytes; None if it is missing."""
    text = str(value).removeprefix("0x") if value not in (None, "", "None") else ""
    if text.endswith("=") and len(text) in _BASE64:
        try:
            found = b64decode(text, validate=True)
        except (Error, ValueError):
            return text
        return found.hex() if len(found) == _BASE64[len(text)] else text
    return text if text.strip("0") else None


def required_id(value: Any, place: str) -> str:
    """Return an id. Raises `InvalidInput` if it is missing."""
    found = identifier(value)
    if found is None:
        raise InvalidInput("is missing", place)
    return found


def moment(value: Any, place: str, *, unit: int = 1) -> Nanos | None:
    """Return the time in RFC 3339 text, in UTC without an offset, or in a number; None if it is missing."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, list) and len(value) == 2:  # the JavaScript SDK: seconds and nanoseconds
            return Nanos(int(value[0]) * SECOND + int(value[1]))
        return plain_epoch(value if isinstance(value, int | float) else int(str(value)), unit)
    except (TypeError, ValueError):
        pass
    except OverflowError:
        raise InvalidInput("is outside the years 1677 to 2262", place) from None
    try:
        text = str(value)
        return parse_moment(text if text[-1:] in "Zz" or text[10:].count("-") + text.count("+") else f"{text}Z")
    except InvalidInput as error:
        raise error.within(place) from None


def required_moment(value: Any, place: str, *, unit: int = 1) -> Nanos:
    """Return a time. Raises `InvalidInput` if it is missing."""
    found = moment(value, place, unit=unit)
    if found is None:
        raise InvalidInput("is missing", place)
    return found


def kind_of(value: Any, place: str) -> SpanKind | None:
    """Return a span kind from a name such as `SpanKind.INTERNAL` or `client`, or from OTLP's number."""
    numbers: tuple[SpanKind | None, ...] = (None, *SpanKind)
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(numbers):
        return numbers[value]
    name = str(value).upper().rpartition(".")[2].removeprefix("SPAN_KIND_")
    if name in ("UNSPECIFIED", "UNKNOWN"):
        return None
    try:
        return SpanKind(name)
    except ValueError:
        raise InvalidInput("is not a span kind", place) from None


def outcome_of(value: Any, place: str) -> StatusCode | None:
    """Return a status code from a name or number. Raises `InvalidInput` for an unknown name."""
    name = str(value if value is not None else "").upper().rpartition(".")[2].removeprefix("STATUS_CODE_")
    if name not in _OUTCOMES:
        raise InvalidInput("is not a span status", place)
    return _OUTCOMES[name]


def flattened(attributes: Any) -> dict[str, Any]:
    """Return attributes with flat keys: nested objects and lists of objects become keys with dots.

    The attributes may be JSON text, or a list of keys and values as in OTLP.
    """
    members = decoded(attributes)
    if isinstance(members, list):
        pairs = [(each.get("key"), each.get("value")) for each in objects_in(members)]
        members = {key: _value_of(value) for key, value in pairs if isinstance(key, str)}
    return dict(_flat(members, "")) if isinstance(members, Mapping) and members else {}


def _value_of(value: Any) -> Any:
    """Unwrap a value of OTLP, an object whose only member names the type; return any other value unchanged."""
    if not isinstance(value, dict) or len(value) != 1:
        return value
    ((kind, inner),) = value.items()
    match kind.replace("_", "").lower():
        case "intvalue":
            return int(inner) if _WHOLE.fullmatch(str(inner)) else inner
        case "arrayvalue":
            values = object_in(inner).get("values")
            return list(map(_value_of, values if isinstance(values, list) else []))
        case "kvlistvalue":
            return flattened(object_in(inner).get("values", []))
        case "stringvalue" | "boolvalue" | "doublevalue" | "bytesvalue":
            return inner
        case _:
            return value


def _flat(value: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    members: Iterator[tuple[Any, Any]] | None = None
    if prefix.rstrip(".") not in _UNFLATTENED:
        if isinstance(value, Mapping) and value:
            members = iter(value.items())
        elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
            members = iter(enumerate(value))
    if members is None:
        yield prefix.rstrip("."), value
        return
    for key, inner in members:
        yield from _flat(inner, f"{prefix}{key}.")


def object_in(value: Any) -> dict[str, Any]:
    """Return a value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects_in(value: Any) -> list[dict[str, Any]]:
    """Return the objects in a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
