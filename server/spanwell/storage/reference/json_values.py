"""Looks into JSON columns, in plain Python: attribute values, equality, and the texts that a search goes through."""

from collections.abc import Iterator
from typing import Any

import msgspec

from spanwell.observability.model.columns import Json, Kind
from spanwell.observability.model.span import Span
from spanwell.observability.model.text import escaped, fold
from spanwell.observability.questions.conditions import MANY, Attribute
from spanwell.observability.questions.pointers import ABSENT, follow

_SEARCHED = ("error_info", "input", "output")


def attribute_values(span: Span, attribute: Attribute) -> list[Any]:
    """Return the values of an attribute that are of its kind: at most one, but of events and links any number."""
    text: Json | None = getattr(span, attribute.level.value)
    if text is None:
        return []
    document = msgspec.json.decode(text)
    documents = document if attribute.level in MANY else [document]
    found = [follow(one, attribute.pointer) for one in (documents if isinstance(documents, list) else [])]
    typed = (_typed(value, attribute.kind) for value in found if value is not ABSENT)
    return [value for value in typed if value is not ABSENT]


def _typed(value: Any, kind: Kind) -> Any:
    match kind:
        case Kind.TEXT:
            return value if isinstance(value, str) else ABSENT
        case Kind.NUMBER:
            return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else ABSENT
        case Kind.FLAG:
            return value if isinstance(value, bool) else ABSENT
        case _:
            return _canonical(value)


def canonical(text: Any) -> Any:
    """Return what two JSON texts that mean the same have in common: the order of keys does not count, 1 is not 1.0."""
    return _canonical(msgspec.json.decode(text))


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return "object", tuple(sorted((key, _canonical(inner)) for key, inner in value.items()))
    if isinstance(value, list):
        return "array", tuple(map(_canonical, value))
    return type(value).__name__, value


def search_finds(text: str, span: Span) -> bool:
    """Return whether text, in any case, is in the name, in a JSON text, or in the value of an attribute."""
    plain, quoted = fold(text), fold(escaped(text))
    documents = (getattr(span, column) for column in _SEARCHED)
    return (
        plain in fold(span.name)
        or any(quoted in fold(document) for document in documents if document is not None)
        or any(plain in fold(value) for value in _attribute_texts(span))
    )


def _attribute_texts(span: Span) -> Iterator[str]:
    attributes = msgspec.json.decode(span.attributes) if span.attributes is not None else None
    for value in attributes.values() if isinstance(attributes, dict) else ():
        if isinstance(value, str):
            yield value
