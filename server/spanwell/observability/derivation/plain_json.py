r"""JSON as it is stored: every character that may stand for itself does.

Writers of JSON may put `\u8bf7` for a character, and `\/` for a slash; Python's and PHP's do so by themselves. Whoever
looks for text looks for the character. So escapes that JSON does not need are taken back as spans come in, also within
texts that are JSON themselves, as a status's message may be; order of keys, digits of numbers and spaces stay as they
came.
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
"""Columns of plain text in which programs put JSON."""
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_UNNEEDED = re.compile(r"\\[u/]")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_TEXT: msgspec.json.Decoder[str] = msgspec.json.Decoder(str)
_ANY: msgspec.json.Decoder[object] = msgspec.json.Decoder()
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)
_DEEPEST = 4
"""How many texts may be JSON within each other."""


def plain_json(text: str, depth: int = 0) -> str:
    """Return JSON that means the same, without escapes that it does not need."""
    if not _has_escapes(text) or depth > _DEEPEST:
        return text
    return _STRING.sub(partial(_plain_string, depth), text)


def plain_text(text: str, depth: int = 0) -> str:
    """Return text whose escapes are taken back if it is JSON as a whole."""
    return plain_json(text, depth) if text.lstrip()[:1] in _FIRST and _has_escapes(text) and _is_json(text) else text


_FIRST = ("{", "[", '"')


def plain_value(name: str, value: object) -> object:
    """Return a value of a column as it is stored."""
    if not isinstance(value, str):
        return value
    return plain_json(value) if name in JSON_COLUMNS else plain_text(value) if name in _TEXTS else value


def with_plain_json(spans: SpanColumns) -> SpanColumns:
    """Return spans with all their JSON written plainly; those that were prepared are."""
    if spans.rows is not None:
        return spans
    columns = {name: spans.values[name] for name in (*JSON_COLUMNS, *_TEXTS) if name in spans.values}
    odd = {
        name: [plain_value(name, value) for value in values]
        for name, values in columns.items()
        if _has_escapes("".join(filter(None, values)))  # in all of a column at once
    }
    return SpanColumns({**spans.values, **odd}, spans.usage) if odd else spans


def _has_escapes(text: str) -> bool:
    # One letter is looked for ten times as fast as two; the expression is four times as fast as two such searches.
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
    """Return an escape of a text with half a character, which cannot stand for itself, as the others can."""
    try:
        return json_of(_TEXT.decode(f'"{found[0]}"'))[1:-1]
    except (msgspec.DecodeError, UnicodeError):
        return found[0]


def _is_json(text: str) -> bool:
    """Return whether a text is JSON, be there half a character in it."""
    try:
        _ANY.decode(repaired_json(text.encode()) if _HALF.search(text) else text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    return True
