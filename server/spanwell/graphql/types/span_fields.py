"""Fields of spans, and their values, as clients see them."""

from enum import Enum

import strawberry

from spanwell.graphql.arguments.filters import SPAN_ASKED
from spanwell.graphql.arguments.operators import TESTS, filter_of_kind, filter_type, operators_of
from spanwell.graphql.basics.enums import Level
from spanwell.graphql.basics.nodes import answered_by
from spanwell.observability.model.columns import Kind
from spanwell.observability.questions.discovery import SAMPLE, SpanField


@strawberry.enum
class FieldType(Enum):
    """What sort of values a field holds."""

    TEXT = strawberry.enum_value("text", description="Text.")
    NUMBER = strawberry.enum_value("number", description="Numbers.")
    BOOLEAN = strawberry.enum_value("boolean", description="True and false.")
    TIME = strawberry.enum_value("time", description="Moments.")
    ENUM = strawberry.enum_value("enum", description="A few values that the schema lists.")
    TEXTS = strawberry.enum_value("texts", description="Lists of texts.")
    JSON = strawberry.enum_value("json", description="JSON values; of an attribute, values of more than one sort.")


_ASKED = {column.label: column for column in SPAN_ASKED}
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
    """A field that spans can be filtered and grouped by."""

    name: str = strawberry.field(description="Its name in `SpanFilter`; with a level, an attribute's key.")
    level: Level | None = strawberry.field(description="Where the attribute is; null for a field of the span.")
    type: FieldType = answered_by(_type, "What sort of values it holds.")
    types: list[FieldType] = answered_by(
        _types, "All sorts of values that it was seen with; of lists, those of their elements."
    )
    tests: list[str] = answered_by(
        _tests,
        "The tests of `AttributeFilter` that its values meet, such as `string` and `number`; of more than one, each "
        "meets all of them if `coerce` is set. None of a field of the span.",
    )
    operators: list[str] = answered_by(
        _operators,
        "The operators of its filter; of an attribute, those of all `tests`. None for `attributes` as a whole, whose "
        "filter looks inside.",
    )
    seen_count: int = strawberry.field(
        description=f"How many of the newest {SAMPLE:,} spans have it; with `exact`, how many of all."
    )
    description: str = answered_by(_description, "What it says of a span.")


@strawberry.type(name="FieldValue")
class FieldValueType:
    """A value of a field."""

    value: str = strawberry.field(description="The value as text: a moment as RFC 3339, a JSON object as its text.")
    count: int = strawberry.field(description="How many spans have it.")
    cursor: str = strawberry.field(description="Its place in the list, for `after`.")
