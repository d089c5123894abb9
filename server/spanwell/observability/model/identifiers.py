"""Trace and span ids, and the global ids that Relay clients keep records by."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Sequence

import msgspec

from .errors import InvalidInput

LONGEST = 128
_TRACE_HEX = re.compile(r"[0-9A-Fa-f]{32}")
_SPAN_HEX = re.compile(r"[0-9A-Fa-f]{16}")


def trace_identifier(given: str) -> str:
    """Return a trace id as it is stored: OpenTelemetry's 32 hex digits in lower case, anything else as it is."""
    return given.lower() if not given.islower() and _TRACE_HEX.fullmatch(given) else given


def span_identifier(given: str) -> str:
    """Return a span id as it is stored: OpenTelemetry's 16 hex digits in lower case, anything else as it is."""
    return given.lower() if not given.islower() and _SPAN_HEX.fullmatch(given) else given


def are_plain(given: Sequence[str]) -> bool:
    """Return whether ids may all be stored as they are; if not, some are to be looked at one by one."""
    joined = "".join(given)
    return joined == joined.lower() and all(0 < length <= LONGEST for length in set(map(len, given)))


def check_identifier(given: str) -> None:
    """Raise `InvalidInput` unless an id has between 1 and 128 characters."""
    if not given:
        raise InvalidInput("may not be empty")
    if len(given) > LONGEST:
        raise InvalidInput(f"may have at most {LONGEST} characters")


def global_id(*parts: str) -> str:
    """Return the global id of a record: its type's name and its own ids."""
    return urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def parse_global_id(text: str) -> tuple[str, ...]:
    """Return the parts of a global id; empty if it is not one of ours."""
    try:
        data = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        return tuple(msgspec.json.decode(data, type=list[str]))
    except (UnicodeEncodeError, Error, msgspec.DecodeError):
        return ()
