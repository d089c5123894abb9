"""Adds what the records' declarations say to GraphQL classes, so that no field is listed twice."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import strawberry

from spanwell.observability.model.columns import ColumnDef

T = TypeVar("T", bound=type[Any])

IDENTIFIERS = frozenset({"trace_id", "span_id", "parent_span_id", "score_id", "feedback_id", "scorer_trace_id"})
"""Columns whose GraphQL type is ID."""

UNSET: Any = strawberry.UNSET


def value_type(column: ColumnDef) -> Any:
    """Return the type of a column's values; `Json` and `Nanos` are scalars of the schema."""
    return strawberry.ID if column.name in IDENTIFIERS else column.value_type


def output_type(column: ColumnDef) -> Any:
    """Return the type of a column that is read: null where a record may be without it."""
    return (value_type(column) | None) if column.nullable else value_type(column)


def creation_type(column: ColumnDef) -> Any:
    """Return the type of a column that is given: optional unless a record cannot be without it."""
    return value_type(column) if column.required else (value_type(column) | None)


def patch_type(column: ColumnDef) -> Any:
    """Return the type of a column that may be changed: always optional, and null clears."""
    return value_type(column) | None


def read_from(columns: Iterable[ColumnDef]) -> Callable[[T], T]:
    """Give an output class a field for each column, which is read from the record by its name."""
    return fields_for(columns, lambda column: (output_type(column), strawberry.field(description=column.doc)))


def given_as(columns: Iterable[ColumnDef], annotate: Callable[[ColumnDef], Any]) -> Callable[[T], T]:
    """Give an input class a field for each column; optional ones are UNSET when they are absent."""

    def field(column: ColumnDef) -> tuple[Any, Any]:
        annotation = annotate(column)
        if annotation is value_type(column):
            return annotation, strawberry.field(description=column.doc)
        return annotation, strawberry.field(description=column.doc, default=UNSET)

    return fields_for(columns, field)


def asked_by(columns: Iterable[ColumnDef], filters: Callable[[ColumnDef], Any]) -> Callable[[T], T]:
    """Give a filter class a field for each column, of the filter type that is right for it."""
    return fields_for(
        columns, lambda column: (filters(column) | None, strawberry.field(description=column.doc, default=UNSET))
    )


def fields_for(columns: Iterable[ColumnDef], field: Callable[[ColumnDef], tuple[Any, Any]]) -> Callable[[T], T]:
    """Give a class a field for each column: its annotation, and the field itself."""

    def add(cls: T) -> T:
        for column in columns:
            annotation, made = field(column)
            cls.__annotations__[column.name] = annotation
            setattr(cls, column.name, made)
        return cls

    return add
