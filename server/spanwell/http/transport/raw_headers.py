"""Reads headers as ASGI gives them: Starlette's mapping decodes all of them for each look."""

from collections.abc import Sequence
from typing import TypeAlias

RawHeaders: TypeAlias = Sequence[tuple[bytes, bytes]]


def stated(headers: RawHeaders, name: bytes, otherwise: bytes = b"") -> bytes:
    """Return the first value of a header."""
    for each, value in headers:
        if each == name:
            return value
    return otherwise


def all_stated(headers: RawHeaders, name: bytes) -> list[bytes]:
    """Return the values of a header, which may be repeated."""
    return [value for each, value in headers if each == name]
