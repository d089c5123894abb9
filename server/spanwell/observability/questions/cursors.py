"""Opaque cursors: a position in a list, bound to its filter and order.

A cursor consists of the position as JSON, and a digest of it and the query's fingerprint. The digest detects damaged
cursors and those of other queries. It is no secret: a forged cursor could only contain another position, which is bound
as a value.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import blake2b
from typing import Any

import msgspec

from spanwell.observability.model.errors import BadCursor

from .conditions import Condition
from .ordering import Order, Position

_DIGEST_SIZE = 8
_LONGEST = 16 * 1024


def fingerprint(kind: str, where: Condition, order: Order) -> bytes:
    """Return a digest of the kind of a list, its filter and its order, which binds its cursors."""
    return blake2b(repr((kind, where, order)).encode("utf-8", "backslashreplace"), digest_size=32).digest()


def encode_cursor(place: Position, bound_to: bytes) -> str:
    """Return the cursor of a position."""
    payload = msgspec.json.encode(place)
    return urlsafe_b64encode(_digest(payload, bound_to) + payload).decode().rstrip("=")


def decode_cursor(cursor: str, bound_to: bytes) -> Position:
    """Return the position of a cursor. Raises `BadCursor` unless `encode_cursor` made it for the same list."""
    if len(cursor) > _LONGEST:
        raise BadCursor("The cursor is invalid: it is too long.")
    try:
        data = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (UnicodeEncodeError, Error):
        raise BadCursor("The cursor is damaged.") from None
    digest, payload = data[:_DIGEST_SIZE], data[_DIGEST_SIZE:]
    if digest != _digest(payload, bound_to) or urlsafe_b64encode(data).decode().rstrip("=") != cursor:
        raise BadCursor("The cursor is damaged, or was made for a different filter or order.")
    place: list[Any] = msgspec.json.decode(payload)
    return tuple(place)


def _digest(payload: bytes, bound_to: bytes) -> bytes:
    return blake2b(payload, digest_size=_DIGEST_SIZE, key=bound_to).digest()
