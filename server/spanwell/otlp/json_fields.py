"""Converts OTLP/JSON values to values of protobuf fields. Every reader raises `InvalidInput`."""

import re
from base64 import b64decode
from binascii import Error, unhexlify
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.identifiers import IDENTIFIERS

Read: TypeAlias = Callable[[Any], Any]

_URL_SAFE = str.maketrans("-_", "+/")
_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_NO_NUMBERS = frozenset({"NaN", "Infinity", "-Infinity"})
_FORMER: Mapping[str, Sequence[str]] = {
    "scope_spans": ("instrumentationLibrarySpans", "instrumentation_library_spans"),
    "scope_logs": ("instrumentationLibraryLogs", "instrumentation_library_logs"),
    "scope": ("instrumentationLibrary", "instrumentation_library"),
}
"""Field names before OTLP 0.15; protobuf was not affected, since it uses numbers."""


def json_names(field: FieldDescriptor) -> tuple[str, ...]:
    """Return the names that a field may have in a JSON document, OTLP's own first."""
    return (field.json_name, field.name, *_FORMER.get(field.name, ()))


def scalar_reader(field: FieldDescriptor) -> Read:
    """Return the reader for the values of a field that is not a message."""
    if field.type == FieldDescriptor.TYPE_BYTES:
        return _ID_READERS.get(field.name, _read_bytes)
    if field.enum_type is not None:
        names = _names(field.enum_type)
        return lambda value: names[value] if isinstance(value, str) and value in names else _read_enum(value, names)
    return _SCALARS[field.type]


def _names(kind: EnumDescriptor) -> Mapping[str, int]:
    """Return the numbers of an enum by name: full, without the enum's prefix (`SERVER`), and as digits."""
    whole = {value.name: value.number for value in kind.values}
    common = next(iter(whole)).rpartition("UNS")[0]  # the first is `.._UNSPECIFIED` or `.._UNSET`
    short = {name.removeprefix(common): number for name, number in whole.items()}
    return {**{str(number): number for number in whole.values()}, **short, **whole}


def _read_enum(value: Any, names: Mapping[str, int]) -> int:
    """Return the number of an enum value, from a number or from a name in any case; unknown names count as unset."""
    return names.get(value.upper().rpartition(".")[2], 0) if isinstance(value, str) else _read_int32(value)


def _read_text(value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidInput("is not a text")
    return value


def _read_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput("is not true or false")
    return value


def _read_integer(value: Any, *, least: int, largest: int) -> int:
    """Return an integer, also from text, since JavaScript lacks 64-bit integers."""
    if isinstance(value, str) and value.isascii() and value.removeprefix("-").isdecimal() and len(value) <= 20:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= largest:
        raise InvalidInput(f"is not an integer from {least} to {largest}")
    return value


def _read_double(value: Any) -> float:
    if isinstance(value, str) and value in _NO_NUMBERS:
        return float(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InvalidInput("is not a number")
    try:
        return float(value)
    except OverflowError:
        raise InvalidInput("is too large a number") from None


def _read_id(value: Any, *, read: Callable[[str], str]) -> bytes:
    try:
        return unhexlify(read(_read_text(value)))
    except ValueError:
        raise InvalidInput("is not hexadecimal") from None


def _read_bytes(value: Any) -> bytes:
    text = _read_text(value).translate(_URL_SAFE).rstrip("=")
    try:
        return b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (Error, ValueError):
        raise InvalidInput("is not base64") from None


_ID_READERS: Mapping[str, Read] = {name: partial(_read_id, read=read) for name, read in IDENTIFIERS.items()}
_read_int32 = partial(_read_integer, least=-(2**31), largest=2**31 - 1)
_SCALARS: Mapping[int, Read] = {
    FieldDescriptor.TYPE_STRING: _read_text,
    FieldDescriptor.TYPE_BOOL: _read_flag,
    FieldDescriptor.TYPE_DOUBLE: _read_double,
    FieldDescriptor.TYPE_INT32: _read_int32,
    FieldDescriptor.TYPE_INT64: partial(_read_integer, least=-(2**63), largest=2**63 - 1),
    FieldDescriptor.TYPE_SFIXED64: partial(_read_integer, least=-(2**63), largest=2**63 - 1),
    FieldDescriptor.TYPE_SINT32: _read_int32,
    FieldDescriptor.TYPE_UINT64: partial(_read_integer, least=0, largest=2**64 - 1),
    FieldDescriptor.TYPE_UINT32: partial(_read_integer, least=0, largest=2**32 - 1),
    FieldDescriptor.TYPE_FIXED32: partial(_read_integer, least=0, largest=2**32 - 1),
    FieldDescriptor.TYPE_FIXED64: partial(_read_integer, least=0, largest=2**64 - 1),
}
