"""Fields of spans, and their values, as clients see them."""

from enum import Enum

import strawberry

from spanwell.graphql.arguments.filters import SPAN_ASKED, TRACE_ASKED
from spanwell.graphql.arguments.operators import TESTS, filter_of_kind, filter_type, operators_of
from spanwell.graphql.basics.enums import Level
from spanwell.graphql.basics.nodes import answered_by
from spanwell.observability.model.columns import Kind
from spanwell.observability.questions.discovery import SAMPLE, SpanField
from spanwell.observability.questions.fields import OF_TRACE


@strawberry.enum
class FieldType(Enum):
    """Type of a field's values."""

    TEXT = strawberry.enum_value("text", description="Text.")
    NUMBER = strawberry.enum_value("number", description="Numbers.")
    BOOLEAN = strawberry.enum_value("boolean", description="True or false.")
    TIME = strawberry.enum_value("time", description="Points in time.")
    ENUM = strawberry.enum_value("enum", description="One of a fixed set of values listed in the schema.")
    TEXTS = strawberry.enum_value("texts", description="Lists of text.")
    JSON = strawberry.enum_value("json", description="JSON values; for an attribute, values of more than one type.")


_ASKED = {
    **{column.label: column for column in SPAN_ASKED},
    **{OF_TRACE + column.label: column for column in TRACE_ASKED},
}
_TYPES = {
    Kind.TEXT: FieldType.TEXT,
    Kind.INT: FieldType.NUMBER,
    Kind.NUMBER: FieldType.NUMBER,
    Kind.FLAG: FieldType.BOOLEAN,
    Kind.TIME: FieldType.TIME,
    Kind.ENUM: FieldType.ENUM,
    Kind.TEXTS: FieldType.TEXTS,
    Kind.JSON: FieldType.JSON,
}


def _type(field: strawberry.Parent[SpanField]) -> FieldType:
    return _TYPES[field.kind]


def _operators(field: strawberry.Parent[SpanField]) -> list[str]:
    if field.level is not None:
        kinds = [kind for kind in TESTS if kind in field.kinds] or [field.kind]
        return list(dict.fromkeys(op for kind in kinds for op in operators_of(filter_of_kind(kind))))
    column = _ASKED.get(field.name)
    return operators_of(filter_type(column)) if column else []


def _types(field: strawberry.Parent[SpanField]) -> list[FieldType]:
    return [_TYPES[kind] for kind in TESTS if kind in field.kinds] or [_TYPES[field.kind]]


def _tests(field: strawberry.Parent[SpanField]) -> list[str]:
    return [test for kind, test in TESTS.items() if kind in field.kinds] if field.level is not None else []


def _description(field: strawberry.Parent[SpanField]) -> str:
    return field.doc


@strawberry.type(name="SpanField")
class SpanFieldType:
    """A field or attribute that spans can be filtered and grouped by."""

    name: str = strawberry.field(
        description="Its name in `SpanFilter`; with a level, an attribute key. A field of the span's trace is named "
        "`trace.userId`; a filter finds it within `trace`."
    )
    level: Level | None = strawberry.field(
        description="Where the attribute is; null for a field of the span or its trace."
    )
    type: FieldType = answered_by(_type, "Type of its values.")
    types: list[FieldType] = answered_by(
        _types, "All types that its values were seen with; for lists, those of their elements."
    )
    tests: list[str] = answered_by(
        _tests,
        "The conditions of `AttributeFilter` that its values can match, such as `string` and `number`; where there "
        "are several, each matches all values if `coerce` is set. Empty for a field of the span or its trace.",
    )
    operators: list[str] = answered_by(
        _operators,
        "Operators of the field's filter; for an attribute, those of all `tests`. Empty for `attributes` as a whole, "
        "whose filter looks inside.",
    )
    seen_count: int = strawberry.field(
        description=f"Number of spans with this field among the newest {SAMPLE:,}, or among all with `exact`."
    )
    description: str = answered_by(_description, "Description of the field.")


@strawberry.type(name="FieldValue")
class FieldValueType:
    """A value of a field."""

    value: str = strawberry.field(description="The value as text: times in RFC 3339, JSON objects as JSON text.")
    count: int = strawberry.field(description="Number of spans that have it.")
    cursor: str = strawberry.field(description="Cursor of the value, for `after`.")
