"""Columns of the tables as Arrow arrays, and back."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from types import MappingProxyType
from typing import Any, TypeAlias

import msgspec
from arro3.core import Array, ChunkedArray, DataType, Field

from spanwell.observability.model.columns import ColumnDef, Kind
from spanwell.observability.model.text import json_of
from spanwell.storage.duckdb.tables.columns import ATTRIBUTES, Stored
from spanwell.storage.duckdb.tables.shared_text import REPEATED, shortened

Values: TypeAlias = Mapping[Stored, Sequence[Any]]
"""A table's columns and their values, as many as there are rows."""

_ARROW: Mapping[Kind, Any] = MappingProxyType(
    {
        Kind.TIME: DataType.int64(),
        Kind.INT: DataType.int32(),
        Kind.NUMBER: DataType.float64(),
        Kind.FLAG: DataType.bool(),
    }
)

_JSON = {"ARROW:extension:name": "arrow.json", "ARROW:extension:metadata": ""}
"""Marks a text column as JSON, so that DuckDB does not parse every value to check."""


def arrays_of(values: Values) -> dict[Stored, Array]:
    """Return a table's columns as they are stored: attributes without the values that other columns hold."""
    short = {stored: _shortened(stored, values) for stored in values if stored.column.name == ATTRIBUTES}
    return {stored: arrow_array(stored.column.kind, short.get(stored, column)) for stored, column in values.items()}


def _shortened(attributes: Stored, values: Values) -> list[str | None]:
    beside = {stored.name: column for stored, column in values.items()}
    repeated = (beside.get(attributes.beside(name)) or repeat(None) for name in REPEATED)
    return list(map(shortened, values[attributes], *repeated))


def arrow_field(stored: Stored, array: Array | ChunkedArray) -> Field:
    """Return a column's Arrow field: its name, its type, and whether its text is JSON."""
    field = Field(stored.name, array.type)
    return field.with_metadata(_JSON) if stored.column.kind is Kind.JSON else field


def arrow_array(kind: Kind, values: Sequence[Any]) -> Array:
    """Return a column's values as an Arrow array; lists of texts as JSON text."""
    if kind is Kind.TEXTS:
        values = [None if value is None else json_of(value) for value in values]
    array = Array(list(values), type=_ARROW.get(kind, DataType.string()))
    return array.cast(DataType.timestamp("ns")) if kind is Kind.TIME else array


def python_values(column: ColumnDef, array: Array) -> list[Any]:
    """Return the values of an Arrow array as the record holds them: the inverse of `arrow_array`."""
    if column.kind is Kind.TIME:
        array = array.cast(DataType.int64())
    values: list[Any] = list(array.to_pylist())
    if column.kind is Kind.TEXTS:
        return [None if value is None else msgspec.json.decode(value) for value in values]
    if column.kind is Kind.ENUM:
        return [None if value is None else column.value_type(value) for value in values]
    return values
