"""A field of a span or of a trace as clients spell it: a column by its API name, or an attribute by level and key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from .columns import ColumnDef, Kind
from .conditions import MANY, Attribute, Level
from .errors import InvalidInput
from .holds import Record, column_value
from .pointers import ABSENT, attribute_pointer, follow
from .span import SPAN_COLUMN, Span
from .times import format_moment
from .trace import TRACE_COLUMN, Trace


@dataclass(frozen=True)
class FieldRef:
    """A field that is addressed: the target as `Compare.column` takes it, and the kind of its values."""

    target: str | Attribute
    kind: Kind

    @property
    def is_many(self) -> bool:
        """Whether a record may have several values in it: a list of texts, or an attribute of events or links."""
        return self.target.level in MANY if isinstance(self.target, Attribute) else self.kind is Kind.TEXTS


_OF_SPANS: Mapping[str, ColumnDef] = {column.label: column for column in SPAN_COLUMN.values()}
_OF_TRACES: Mapping[str, ColumnDef] = {
    column.label: column for column in {**SPAN_COLUMN, **TRACE_COLUMN}.values() if column.name != "has_root"
}


def span_field(field: str, level: Level | None = None) -> FieldRef:
    """Return the field of a span that a name and a level address. Raises `InvalidInput` about `field`."""
    return _resolved(_OF_SPANS, "span", field, level)


def trace_field(field: str, level: Level | None = None) -> FieldRef:
    """Return the field of a trace: its own, else its head's. Raises `InvalidInput` about `field`."""
    return _resolved(_OF_TRACES, "trace", field, level)


def _resolved(known: Mapping[str, ColumnDef], whose: str, field: str, level: Level | None) -> FieldRef:
    if level is not None:
        try:
            return FieldRef(Attribute(level, attribute_pointer(level, field), Kind.JSON), Kind.JSON)
        except InvalidInput as error:
            raise error.within("field") from None
    if field not in known:
        raise InvalidInput(f"names no field of a {whose}; an attribute needs a `level`, such as SPAN", "field")
    return FieldRef(known[field].name, known[field].kind)


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
