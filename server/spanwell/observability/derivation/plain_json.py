r"""JSON as it is stored: every character that may stand for itself does.

Writers of JSON may put `\u8bf7` for a character, and `\/` for a slash; Python's and PHP's do so by themselves. Whoever
looks for text looks for the character. So escapes that JSON does not need are taken back as spans come in, also within
texts that are JSON themselves; order of keys, digits of numbers and spaces stay as they came.
"""

import re
from collections.abc import Sequence
from functools import partial

import msgspec

from spanwell.observability.model.columns import Json, Kind
from spanwell.observability.model.span import GIVEN_COLUMNS
from spanwell.observability.model.span_batch import SpanColumns

JSON_COLUMNS = tuple(column.name for column in GIVEN_COLUMNS if column.kind is Kind.JSON)
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_TEXT: msgspec.json.Decoder[str] = msgspec.json.Decoder(str)
_ANY: msgspec.json.Decoder[object] = msgspec.json.Decoder()
_DEEPEST = 4
"""How many texts may be JSON within each other."""


def plain_json(text: str, depth: int = 0) -> str:
    """Return JSON that means the same, without escapes that it does not need."""
    if not _has_escapes(text) or depth > _DEEPEST:
        return text
    return _STRING.sub(partial(_plain_string, depth), text)


def with_plain_json(spans: SpanColumns) -> SpanColumns:
    """Return spans with all their JSON written plainly; those that were prepared are."""
    if spans.rows is not None:
        return spans
    columns = {name: spans.values[name] for name in JSON_COLUMNS if name in spans.values}
    odd = {name: _plain_column(values) for name, values in columns.items() if any(map(_has_escapes, values))}
    return SpanColumns({**spans.values, **odd}, spans.usage) if odd else spans


def _plain_column(values: Sequence[str | None]) -> list[Json | None]:
    return [None if text is None else Json(plain_json(text)) for text in values]


def _has_escapes(text: str | None) -> bool:
    return text is not None and ("\\u" in text or "\\/" in text)


def _plain_string(depth: int, found: re.Match[str]) -> str:
    literal = found[0]
    if not _has_escapes(literal):
        return literal
    try:
        text = _TEXT.decode(literal)
    except (msgspec.DecodeError, UnicodeError):  # half a character, say, which cannot stand for itself
        return literal
    if text[:1] in ("{", "[") and _has_escapes(text) and _is_json(text):
        text = plain_json(text, depth + 1)
    return msgspec.json.encode(text).decode()


def _is_json(text: str) -> bool:
    try:
        _ANY.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    return True
