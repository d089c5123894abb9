"""Text without case, and text that is whole."""

import re

import msgspec


def fold(text: str) -> str:
    """Lower-case text by Unicode's simple mapping, one character for one, as SQL engines do."""
    return "".join([character.lower()[0] for character in text])


def escaped(text: str) -> str:
    """Return text as it stands inside a JSON string."""
    return msgspec.json.encode(text).decode()[1:-1]


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
