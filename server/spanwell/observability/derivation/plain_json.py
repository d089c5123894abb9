r"""Normalises JSON for storage: characters that need no escape are written literally.

JSON writers may escape a character as `\u8bf7` and a slash as `\/`; Python's and PHP's do so by default. Searches look
for the character itself. So escapes that JSON does not need are removed as spans come in, also within texts that are
JSON themselves, such as a status message; the order of keys, the digits of numbers and whitespace stay unchanged.
"""

import re
from functools import partial

import msgspec

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.span import GIVEN_COLUMNS
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.observability.model.text import json_of, repaired_json

JSON_COLUMNS = tuple(column.name for column in GIVEN_COLUMNS if column.kind is Kind.JSON)
_TEXTS = ("status_message",)
"""Plain text columns in which programs put JSON."""
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_UNNEEDED = re.compile(r"\\[u/]")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_TEXT: msgspec.json.Decoder[str] = msgspec.json.Decoder(str)
_ANY: msgspec.json.Decoder[object] = msgspec.json.Decoder()
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)
_DEEPEST = 4
"""How deep JSON texts may be nested in each other."""


def plain_json(text: str, depth: int = 0) -> str:
    """Return equivalent JSON without needless escapes."""
    if not _has_escapes(text) or depth > _DEEPEST:
        return text
    return _STRING.sub(partial(_plain_string, depth), text)


def plain_text(text: str, depth: int = 0) -> str:
    """Return text without needless escapes if all of it is JSON, else unchanged."""
    return plain_json(text, depth) if text.lstrip()[:1] in _FIRST and _has_escapes(text) and _is_json(text) else text


_FIRST = ("{", "[", '"')


def plain_value(name: str, value: object) -> object:
    """Return a column's value as it is stored."""
    if not isinstance(value, str):
        return value
    return plain_json(value) if name in JSON_COLUMNS else plain_text(value) if name in _TEXTS else value


def with_plain_json(spans: SpanColumns) -> SpanColumns:
    """Return spans with all their JSON normalised; prepared batches already are."""
    if spans.rows is not None:
        return spans
    columns = {name: spans.values[name] for name in (*JSON_COLUMNS, *_TEXTS) if name in spans.values}
    odd = {
        name: [plain_value(name, value) for value in values]
        for name, values in columns.items()
        if _has_escapes("".join(filter(None, values)))  # one search over the whole column
    }
    return SpanColumns({**spans.values, **odd}, spans.usage) if odd else spans


def _has_escapes(text: str) -> bool:
    # Searching for one letter is ten times as fast as for two; the expression is four times as fast as two of those.
    return "\\" in text and _UNNEEDED.search(text) is not None


def _plain_string(depth: int, found: re.Match[str]) -> str:
    literal = found[0]
    if not _has_escapes(literal):
        return literal
    try:
        text = _TEXT.decode(literal)
    except (msgspec.DecodeError, UnicodeError):
        return _ESCAPE.sub(_plain_escape, literal)
    return json_of(plain_text(text, depth + 1))


def _plain_escape(found: re.Match[str]) -> str:
    """Return the character for one escape; a lone surrogate stays escaped."""
    try:
        return json_of(_TEXT.decode(f'"{found[0]}"'))[1:-1]
    except (msgspec.DecodeError, UnicodeError):
        return found[0]


def _is_json(text: str) -> bool:
    """Return whether a text is JSON; lone surrogates are allowed."""
    try:
        _ANY.decode(repaired_json(text.encode()) if _HALF.search(text) else text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    return True
