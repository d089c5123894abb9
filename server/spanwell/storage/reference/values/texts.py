"""The values of a field as texts or numbers, in plain Python."""

from dataclasses import replace
from typing import Any

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.record import Listed, column_value
from spanwell.observability.model.text import json_of
from spanwell.observability.model.times import format_moment
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import Attribute
from spanwell.observability.questions.fields import FieldRef

from .json_values import attribute_values, reached


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


def numbers_of(record: Listed, ref: FieldRef) -> list[float]:
    """Return the numbers in a field: of a list in an attribute, its elements; of a column of booleans, 1 or 0."""
    if isinstance(ref.target, Attribute):
        numbers = replace(ref.target, kind=Kind.NUMBER)
        return attribute_values(record.head if isinstance(record, Trace) else record, numbers)
    value = column_value(record, ref.target)
    return [] if value is None else [float(value)]


def _attribute_texts(span: Any, attribute: Attribute) -> list[str]:
    elements = (each for value in reached(span, attribute) for each in (value if isinstance(value, list) else [value]))
    return [_written(element) for element in elements if element is not None]


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json_of(value)
