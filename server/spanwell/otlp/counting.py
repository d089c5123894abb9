"""Counts the spans of an OTLP request before it is parsed: two bytes are enough to encode a span.

Resources and scopes count too, since they cost as much even without spans.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.model.span_batch import Form

MOST_SPANS = 100_000
"""The most spans that a server accepts in one request; exporters send some hundreds."""

_OBJECT: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])
_SPANS = (1, 2, 2)
"""The field numbers of `resource_spans`, `scope_spans` and `spans`, each nested in the one before."""
_LEAST = 2


def check_count(form: Form, body: bytes) -> None:
    """Raise `InvalidInput` if an export holds more spans than a server accepts in one request."""
    (check_protobuf if form == "otlp-protobuf" else check_json)(body, MOST_SPANS)


def check_protobuf(body: bytes, most: int) -> None:
    """Raise `InvalidInput` if a protobuf message holds more than `most` spans; other errors are not looked for."""
    if len(body) <= _LEAST * most:
        return
    try:
        _check(sum(1 for _ in islice(_messages(body, 0, len(body), _SPANS), most + 1)), most)
    except IndexError:  # it ends in the middle of a number
        return


def check_json(body: bytes, most: int) -> None:
    """Raise `InvalidInput` if a JSON document holds more than `most` spans; other errors are not looked for."""
    if body.count(b"{") <= most:
        return
    try:
        document = _OBJECT.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    found = 0
    for name in ("resourceSpans", "resource_spans"):
        for resource in _listed(document, name):
            found += 1
            for scope in (*_listed(resource, "scopeSpans"), *_listed(resource, "scope_spans")):
                found += 1 + len(_listed(scope, "spans"))
    _check(found, most)


def _check(found: int, most: int) -> None:
    if found > most:
        raise InvalidInput(f"has more than {most:,} spans: split them into several requests", "resourceSpans")


def _listed(value: Any, name: str) -> list[Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _messages(body: bytes, at: int, end: int, numbers: tuple[int, ...]) -> Iterator[None]:
    """Yield once for each message in a field with the first number, and for each nested in fields with the others."""
    while at < end:
        tag, at = _varint(body, at)
        match tag & 7:
            case 0:
                _, at = _varint(body, at)
            case 1:
                at += 8
            case 2:
                size, at = _varint(body, at)
                if tag >> 3 == numbers[0]:
                    yield None
                    if numbers[1:]:
                        yield from _messages(body, at, min(at + size, end), numbers[1:])
                at += size
            case 5:
                at += 4
            case _:
                return


def _varint(body: bytes, at: int) -> tuple[int, int]:
    """Return the varint at a position, and the position after it."""
    number = shift = 0
    while body[at] > 127:
        number |= (body[at] & 127) << shift
        shift += 7
        at += 1
    return number | body[at] << shift, at + 1
