"""The values of a field as texts, in plain Python."""

from typing import Any

import msgspec

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.record import Listed, column_value
from spanwell.observability.model.text import json_of
from spanwell.observability.model.times import format_moment
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import Attribute
from spanwell.observability.questions.fields import FieldRef
from spanwell.observability.questions.pointers import direct

from .json_values import reached


def texts_of(record: Listed, ref: FieldRef) -> list[str]:
    """Return the values of a field as texts; none where it is absent, several only if it `is_many`.

    Text is itself, a moment RFC 3339, true and false are words; of attributes, numbers and objects are JSON, a list is
    its elements, and null is absent.
    """
    if isinstance(ref.target, Attribute):
        return _attribute_texts(record.head if isinstance(record, Trace) else record, ref.target)
    value = column_value(record, ref.target)
    if value is None:
        return []
    if ref.is_many:
        return list(value)
    match ref.kind:
        case Kind.TIME:
            return [format_moment(value)]
        case Kind.NUMBER:
            return [repr(value)]
        case _:
            return [_written(value)]


def number_of(record: Listed, ref: FieldRef) -> float | None:
    """Return the number in a field; None where it is none, also if it is a list."""
    if isinstance(ref.target, Attribute):
        document = getattr(record.head if isinstance(record, Trace) else record, ref.target.level.value)
        value = None if document is None else direct(msgspec.json.decode(document), ref.target.pointer)
    else:
        value = column_value(record, ref.target)
        value = int(value) if ref.kind is Kind.FLAG and value is not None else value
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _attribute_texts(span: Any, attribute: Attribute) -> list[str]:
    elements = (each for value in reached(span, attribute) for each in (value if isinstance(value, list) else [value]))
    return [_written(element) for element in elements if element is not None]


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json_of(value)
