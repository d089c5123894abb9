"""The values of a field as texts, in plain Python."""

from typing import Any

import msgspec

from spanwell.observability.model.columns import Kind
from spanwell.observability.model.record import Record, column_value
from spanwell.observability.model.span import Span
from spanwell.observability.model.times import format_moment
from spanwell.observability.model.trace import Trace
from spanwell.observability.questions.conditions import MANY, Attribute
from spanwell.observability.questions.fields import FieldRef
from spanwell.observability.questions.pointers import ABSENT, follow


def texts_of(record: Record, ref: FieldRef) -> list[str]:
    """Return the values of a field as texts; none where it is absent, several only if it `is_many`.

    Text is itself, a moment RFC 3339, true and false are words; of attributes, numbers, objects and lists are JSON, and
    null is absent.
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


def _attribute_texts(span: Span, attribute: Attribute) -> list[str]:
    document = getattr(span, attribute.level.value)
    if document is None:
        return []
    decoded = msgspec.json.decode(document)
    documents = decoded if attribute.level in MANY else [decoded]
    found = (follow(one, attribute.pointer) for one in (documents if isinstance(documents, list) else []))
    return [_written(value) for value in found if value is not ABSENT and value is not None]


def _written(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
