"""Trace and span ids, and Relay's global ids."""

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


def trace_identifier(identifier: str) -> str:
    """Return a trace id as stored: 32 lower-case hex digits if it is hexadecimal, else unchanged.

    16 digits (Zipkin, Jaeger) are padded with zeros, and the dashes of a UUID are removed.
    """
    plain = _plain(identifier)
    return plain.zfill(_LONG) if len(plain) == _SHORT and _HEX.fullmatch(plain) else plain


def span_identifier(identifier: str) -> str:
    """Return a span id as stored: hex digits in lower case, a UUID without its dashes, anything else unchanged."""
    return _plain(identifier)


IDENTIFIERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"trace_id": trace_identifier, "span_id": span_identifier, "parent_span_id": span_identifier}
)
"""The normalisation of the ids in each column of spans."""

ASKED_IDENTIFIERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {**IDENTIFIERS, "scorer_trace_id": trace_identifier}
)
"""The normalisation of the ids in each column of any record."""


def _plain(identifier: str) -> str:
    if len(identifier) in {_SHORT, _LONG}:
        return identifier.lower() if not identifier.islower() and _HEX.fullmatch(identifier) else identifier
    if len(identifier) == _UUID_LENGTH and _UUID.fullmatch(identifier):
        return identifier.replace("-", "").lower()
    return identifier


def parts_of_identifiers(identifier: str) -> tuple[str, ...]:
    """Return the forms that a part of an id may have in stored ids: unchanged, and normalised if it is hexadecimal.

    The beginning of a 16-digit trace id is stored after 16 zeros.
    """
    plain = identifier.replace("-", "") if _PART_OF_UUID.fullmatch(identifier) else identifier
    if not _HEX.fullmatch(plain):
        return (identifier,)
    return tuple(dict.fromkeys((identifier, plain.lower())))


def beginnings_of_identifiers(identifier: str) -> tuple[str, ...]:
    """Return the forms that the beginning of an id may have in stored ids; a 16-digit id is stored after 16 zeros."""
    parts = parts_of_identifiers(identifier)
    shorter = [part.rjust(len(part) + _SHORT, "0") for part in parts[-1:] if _is_short(part)]
    return tuple(dict.fromkeys((*parts, *shorter)))


def _is_short(part: str) -> bool:
    return len(part) <= _SHORT and _HEX.fullmatch(part) is not None


def forms_of_trace_identifier(stored: str) -> tuple[str, ...]:
    """Return the forms that a stored trace id may have in JSON that is not normalised, such as links."""
    return _forms(stored, stored[-_SHORT:] if stored.startswith("0" * _SHORT) and len(stored) == _LONG else stored)


def forms_of_span_identifier(stored: str) -> tuple[str, ...]:
    """Return the forms that a stored span id may have in JSON that is not normalised."""
    return _forms(stored, stored)


def _forms(stored: str, shorter: str) -> tuple[str, ...]:
    found = [stored, shorter]
    if len(stored) == _LONG and _HEX.fullmatch(stored):
        found.append(str(UUID(stored)))
    return tuple(dict.fromkeys([*found, *(each.upper() for each in found if _HEX.fullmatch(each.replace("-", "")))]))


def are_plain(identifiers: Sequence[str], column: str) -> bool:
    """Return whether all ids of a column can be stored unchanged; if not, each has to be normalised."""
    joined, lengths = "".join(identifiers), set(map(len, identifiers))
    if column == "trace_id" and _SHORT in lengths:
        return False
    return joined == joined.lower() and _UUID_LENGTH not in lengths and all(0 < n <= LONGEST for n in lengths)


def check_identifier(identifier: str) -> None:
    """Raise `InvalidInput` unless an id has between 1 and 128 characters."""
    if not identifier:
        raise InvalidInput("must not be empty")
    if len(identifier) > LONGEST:
        raise InvalidInput(f"must have at most {LONGEST} characters")


def global_id(*parts: str) -> str:
    """Return the global id of a record, made of its type's name and its ids."""
    return urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def parse_global_id(text: str) -> tuple[str, ...]:
    """Return the parts of a global id, with ids as stored; empty if it is invalid."""
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
"""The normalisation of the ids in the global ids of each type."""
