"""Trace and span ids, and the global ids that Relay clients keep records by."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

import msgspec

from .errors import InvalidInput

LONGEST = 128
_SHORT, _LONG = 16, 32
_HEX = re.compile(r"[0-9A-Fa-f]+")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_PART_OF_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{0,4}){1,3}(?:-[0-9A-Fa-f]{0,12})?")
_UUID_LENGTH = 36


def trace_identifier(given: str) -> str:
    """Return a trace id as it is stored: 32 hex digits in lower case where it is hexadecimal, else as it is.

    16 digits (Zipkin, Jaeger) are the same padded with zeros, and a UUID is the same without its dashes.
    """
    plain = _plain(given)
    return plain.zfill(_LONG) if len(plain) == _SHORT and _HEX.fullmatch(plain) else plain


def span_identifier(given: str) -> str:
    """Return a span id as it is stored: hex digits in lower case, a UUID without its dashes, anything else as it is."""
    return _plain(given)


IDENTIFIERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"trace_id": trace_identifier, "span_id": span_identifier, "parent_span_id": span_identifier}
)
"""How the ids of a column of spans are stored, by the name of the column."""

ASKED_IDENTIFIERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {**IDENTIFIERS, "scorer_trace_id": trace_identifier}
)
"""How the ids of a column of any record are stored."""


def _plain(given: str) -> str:
    if len(given) in {_SHORT, _LONG}:
        return given.lower() if not given.islower() and _HEX.fullmatch(given) else given
    if len(given) == _UUID_LENGTH and _UUID.fullmatch(given):
        return given.replace("-", "").lower()
    return given


def parts_of_identifiers(given: str) -> tuple[str, ...]:
    """Return how a part of an id may stand in a stored one: as it is, and if it is of hex digits, as these are stored.

    The beginning of a trace id of 16 digits stands behind 16 zeros.
    """
    plain = given.replace("-", "") if _PART_OF_UUID.fullmatch(given) else given
    if not _HEX.fullmatch(plain):
        return (given,)
    return tuple(dict.fromkeys((given, plain.lower())))


def beginnings_of_identifiers(given: str) -> tuple[str, ...]:
    """Return how the beginning of an id may stand in a stored one; that of 16 digits stands behind 16 zeros."""
    parts = parts_of_identifiers(given)
    shorter = [part.rjust(len(part) + _SHORT, "0") for part in parts[-1:] if _is_short(part)]
    return tuple(dict.fromkeys((*parts, *shorter)))


def _is_short(part: str) -> bool:
    return len(part) <= _SHORT and _HEX.fullmatch(part) is not None


def forms_of_trace_identifier(stored: str) -> tuple[str, ...]:
    """Return the forms in which others may write a stored trace id: in JSON that came as it is, such as links."""
    return _forms(stored, stored[-_SHORT:] if stored.startswith("0" * _SHORT) and len(stored) == _LONG else stored)


def forms_of_span_identifier(stored: str) -> tuple[str, ...]:
    """Return the forms in which others may write a stored span id."""
    return _forms(stored, stored)


def _forms(stored: str, shorter: str) -> tuple[str, ...]:
    found = [stored, shorter]
    if len(stored) == _LONG and _HEX.fullmatch(stored):
        found.append(str(UUID(stored)))
    return tuple(dict.fromkeys([*found, *(each.upper() for each in found if _HEX.fullmatch(each.replace("-", "")))]))


def are_plain(given: Sequence[str], column: str) -> bool:
    """Return whether the ids of a column may all be stored as they are; if not, some are to be looked at one by one."""
    joined, lengths = "".join(given), set(map(len, given))
    if column == "trace_id" and _SHORT in lengths:
        return False
    return joined == joined.lower() and _UUID_LENGTH not in lengths and all(0 < n <= LONGEST for n in lengths)


def check_identifier(given: str) -> None:
    """Raise `InvalidInput` unless an id has between 1 and 128 characters."""
    if not given:
        raise InvalidInput("must not be empty")
    if len(given) > LONGEST:
        raise InvalidInput(f"must have at most {LONGEST} characters")


def global_id(*parts: str) -> str:
    """Return the global id of a record: its type's name and its own ids."""
    return urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def parse_global_id(text: str) -> tuple[str, ...]:
    """Return the parts of a global id, ids as they are stored; empty if it is not one of ours."""
    try:
        data = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        parts = msgspec.json.decode(data, type=list[str])
    except (UnicodeEncodeError, Error, msgspec.DecodeError):
        return ()
    readers = _PARTS.get(parts[0], ()) if parts else ()
    if len(readers) != len(parts) - 1:
        return tuple(parts)
    return (parts[0], *(read(part) for read, part in zip(readers, parts[1:], strict=True)))


_PARTS: Mapping[str, tuple[Callable[[str], str], ...]] = MappingProxyType(
    {"Trace": (trace_identifier,), "Span": (trace_identifier, span_identifier)}
)
"""How the ids in the global id of a type are stored."""
