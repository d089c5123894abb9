"""Case folding, JSON encoding, and repair of invalid characters in JSON."""

import re
from unicodedata import normalize

import msgspec

from .columns import Json

_encode = msgspec.json.Encoder().encode  # twice as fast as `msgspec.json.encode`


def json_of(value: object) -> Json:
    """Return a value as JSON without whitespace, and without escapes that JSON does not need."""
    return Json(_encode(value).decode())


def fold(text: str) -> str:
    """Lower-case text by Unicode's simple mapping, one character for one, as SQL engines do."""
    return "".join([character.lower()[0] for character in text])


def escaped(text: str) -> str:
    """Return text as it stands inside a JSON string."""
    return json_of(text)[1:-1]


def sought_forms(text: str) -> tuple[str, ...]:
    """Return the forms in which a text that is searched for may be written, in lower case.

    Characters may have several normal forms, or a case that `fold` does not map (`ß`, the final sigma), and JSON may
    escape them within a text that is JSON itself.
    """
    cases = (text, text.upper(), text.upper().lower())
    normal = (normalize(form, each) for form in ("NFC", "NFD") for each in cases)
    folded = dict.fromkeys(map(fold, (text, *normal)))
    return tuple(dict.fromkeys(form for each in folded for form in (each, escaped(each))))


_ESCAPES = re.compile(
    r"\\u([dD][89abAB][0-9a-fA-F]{2})(\\u[dD][c-fC-F][0-9a-fA-F]{2})?|\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\."
)
REPLACED = "\N{REPLACEMENT CHARACTER}"


def repaired_json(text: bytes) -> bytes:
    """Return JSON with U+FFFD in place of invalid UTF-8 and of escaped lone surrogates."""
    valid = text.decode("utf-8", "replace")
    if r"\ud" in valid or r"\uD" in valid:  # a text of 20 MB with many other escapes would take seconds
        valid = _ESCAPES.sub(_whole_escape, valid)
    return valid.encode()


def _whole_escape(match: re.Match[str]) -> str:
    return REPLACED if len(match[0]) == _HALF else match[0]


_HALF = len(r"\ud800")
