"""Looks into JSON columns, in plain Python: attribute values, equality, and the texts that a search goes through."""

import re
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

import msgspec

from spanwell.observability.model.assessments import Assessment
from spanwell.observability.model.columns import Json, Kind
from spanwell.observability.model.span import Span
from spanwell.observability.model.text import escaped, fold, json_of, sought_forms
from spanwell.observability.questions.conditions import MANY, NUMBER_TEXT, SEARCHED_VALUES, SEARCHED_WHOLE, Attribute
from spanwell.observability.questions.pointers import reach

_ABSENT = object()
_NUMBER = re.compile(NUMBER_TEXT, re.ASCII)


def attribute_values(span: Span | Assessment, attribute: Attribute) -> list[Any]:
    """Return the values of an attribute that are of its kind."""
    found = reached(span, attribute)
    if attribute.kind is Kind.JSON:
        return list(map(_canonical, found))
    elements = (element for value in found for element in (value if isinstance(value, list) else [value]))
    typed = (_typed(element, attribute) for element in elements)
    return [value for value in typed if value is not _ABSENT]


def reached(span: Span | Assessment, attribute: Attribute) -> list[Any]:
    """Return the values at an attribute's pointer."""
    text: Json | None = getattr(span, attribute.level.value)
    if text is None:
        return []
    document = msgspec.json.decode(text)
    if attribute.level not in MANY:
        return reach(document, attribute.pointer)
    return [
        value for one in (document if isinstance(document, list) else []) for value in reach(one, attribute.pointer)
    ]


def _typed(value: Any, attribute: Attribute) -> Any:
    if isinstance(value, bool):
        return value if attribute.kind is Kind.FLAG else _as_text(value, attribute)
    match attribute.kind:
        case Kind.TEXT:
            return value if isinstance(value, str) else _as_text(value, attribute)
        case Kind.NUMBER:
            return float(value) if isinstance(value, int | float) else _as_number(value, attribute)
        case _:
            return {"true": True, "false": False}.get(value, _ABSENT) if _is_coerced_text(value, attribute) else _ABSENT


def _as_text(value: Any, attribute: Attribute) -> Any:
    is_text = attribute.lenient and attribute.kind is Kind.TEXT and isinstance(value, int | float)
    return json_of(value) if is_text else _ABSENT


def _as_number(value: Any, attribute: Attribute) -> Any:
    if not _is_coerced_text(value, attribute) or not _NUMBER.fullmatch(value):
        return _ABSENT
    number = float(value)
    return number if isfinite(number) else _ABSENT


def _is_coerced_text(value: Any, attribute: Attribute) -> bool:
    return attribute.lenient and isinstance(value, str)


def canonical(text: Any) -> Any:
    """Return what two JSON texts that mean the same have in common: the order of keys does not count, 1 is not 1.0."""
    return _canonical(msgspec.json.decode(text))


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return "object", tuple(sorted((key, _canonical(inner)) for key, inner in value.items()))
    if isinstance(value, list):
        return "array", tuple(map(_canonical, value))
    return type(value).__name__, value


def search_finds(text: str, span: Span, tags: Iterable[str] | None) -> bool:
    """Return whether a text is found in a span, whose tags may be those of its whole trace: see `Search`."""
    return any(_finds(form, span, tags) for form in sought_forms(text))


def _finds(plain: str, span: Span, tags: Iterable[str] | None) -> bool:
    quoted = escaped(plain)
    texts = (span.name, span.status_message, *(tags or ()))
    documents = (getattr(span, column) for column in SEARCHED_WHOLE)
    return (
        any(plain in fold(each) for each in texts if each is not None)
        or any(quoted in fold(written_alike(document)) for document in documents if document is not None)
        or any(plain in fold(value) for column in SEARCHED_VALUES for value in _values_in(getattr(span, column)))
    )


def written_alike(document: Json) -> str:
    """Return a document as it is, or written anew if it escapes what need not be escaped."""
    if "\\u" not in document and "\\/" not in document:
        return document
    return json_of(msgspec.json.decode(document))


def _values_in(document: Json | None) -> Iterator[str]:
    """Yield the texts and numbers at any depth of an object or a list."""
    waiting: list[Any] = [None if document is None else msgspec.json.decode(document)]
    while waiting:
        found = waiting.pop()
        inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
        for value in inner:
            if isinstance(value, dict | list):
                waiting.append(value)
            elif value is not None and not isinstance(value, bool):
                yield value if isinstance(value, str) else json_of(value)
