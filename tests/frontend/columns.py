"""`python -m tests.frontend.columns` writes what the dashboard knows of fields before it asks."""

import json
from pathlib import Path

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema

from spanwell.graphql.library import core_schema
from spanwell.graphql.schema import schema
from spanwell.observability.model.trace import TRACE_COLUMNS

FILE = Path(__file__).parents[2] / "frontend_examples" / "dashboard" / "state" / "columns.js"

_TYPES = {
    "StringFilter": "TEXT",
    "IntFilter": "NUMBER",
    "NumberFilter": "NUMBER",
    "BooleanFilter": "BOOLEAN",
    "DateTimeFilter": "TIME",
    "TagsFilter": "TEXTS",
    "JsonFilter": "JSON",
}

_WIDTH = 120

_HEAD = "// What can be filtered by, as the schema has it. Written by `python -m tests.frontend.columns`; do not edit."


def _input(types: GraphQLSchema, name: str) -> GraphQLInputObjectType:
    found = types.type_map[name]
    assert isinstance(found, GraphQLInputObjectType)
    return found


def _enum_of(test: GraphQLInputObjectType) -> list[str] | None:
    """Return the values that the filter of an enum compares, or None."""
    compared = getattr(test.fields["eq"].type, "of_type", test.fields["eq"].type) if "eq" in test.fields else None
    return list(compared.values) if isinstance(compared, GraphQLEnumType) else None


def columns_module() -> str:
    """Return the text of the module."""
    types = core_schema(schema)
    operators, enums, tables = dict[str, list[str]](), dict[str, list[str]](), dict[str, dict[str, str]]()
    for subject in ("Span", "Trace"):
        table = tables.setdefault(subject, {})
        for name, field in _input(types, f"{subject}Filter").fields.items():
            test = field.type
            if not isinstance(test, GraphQLInputObjectType) or not test.name.endswith("Filter"):
                continue
            values = _enum_of(test)
            kind = "ENUM" if values else _TYPES.get(test.name)
            if kind is None:
                continue
            table[name] = kind
            operators.setdefault(kind, list(test.fields))
            if values:
                enums[name] = values
    parts: dict[str, dict[str, list[str]] | dict[str, str]] = {
        "OPERATORS": operators,
        "ENUMS": enums,
        "SPAN_COLUMNS": tables["Span"],
        "TRACE_COLUMNS": tables["Trace"],
        "TRACE_ALONE": {name: _description(types, name) for name in tables["Trace"] if name not in tables["Span"]},
    }
    whole = {column.label for column in TRACE_COLUMNS}
    own = [name for name in tables["Trace"] if name not in tables["Span"] or name in whole]
    return "\n".join([_HEAD, *(_constant(name, part) for name, part in parts.items()), _names("OF_TRACE", own), ""])


def _trace(types: GraphQLSchema) -> GraphQLObjectType:
    found = types.type_map["Trace"]
    assert isinstance(found, GraphQLObjectType)
    return found


def _description(types: GraphQLSchema, name: str) -> str:
    """Return what a trace's field says of it; the filter's own words where a trace can only be asked for it."""
    field = _trace(types).fields.get(name) or _input(types, "TraceFilter").fields[name]
    return field.description or ""


def _names(name: str, values: list[str]) -> str:
    return f"\nexport const {name} = [\n{''.join(f'  {json.dumps(each)},{chr(10)}' for each in values)}];"


def _constant(name: str, values: dict[str, list[str]] | dict[str, str]) -> str:
    lines = "".join(_line(key, value) for key, value in values.items())
    return f"\nexport const {name} = {{\n{lines}}};"


def _line(key: str, value: list[str] | str) -> str:
    """Return one property as Prettier lays it out: a list that is too long for its line has a line for each value."""
    line = f"  {key}: {json.dumps(value)},\n"
    if len(line) <= _WIDTH:
        return line
    return f"  {key}: [\n{''.join(f'    {json.dumps(each)},{chr(10)}' for each in value)}  ],\n"


if __name__ == "__main__":
    FILE.write_text(columns_module(), encoding="utf-8")
