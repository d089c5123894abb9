"""Text without case, text that is whole, and values as JSON."""

import re

import msgspec

from .columns import Json

_encode = msgspec.json.Encoder().encode  # which takes half the time of `msgspec.json.encode`


def json_of(value: object) -> Json:
    """Return a value as JSON: without spaces, and each character as itself where JSON lets it."""
    return Json(_encode(value).decode())


def fold(text: str) -> str:
    """Lower-case text by Unicode's simple mapping, one character for one, as SQL engines do."""
    return "".join([character.lower()[0] for character in text])


def escaped(text: str) -> str:
    """Return text as it stands inside a JSON string."""
    return json_of(text)[1:-1]


_ESCAPES = re.compile(
    r"\\u([dD][89abAB][0-9a-fA-F]{2})(\\u[dD][c-fC-F][0-9a-fA-F]{2})?|\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\."
)
REPLACED = "\N{REPLACEMENT CHARACTER}"


def repaired_json(text: bytes) -> bytes:
    """Return JSON with U+FFFD in the place of bytes that are no UTF-8, and of escapes that are half a character."""
    return _ESCAPES.sub(_whole_escape, text.decode("utf-8", "replace")).encode()


def _whole_escape(match: re.Match[str]) -> str:
    return REPLACED if len(match[0]) == _HALF else match[0]


_HALF = len(r"\ud800")
