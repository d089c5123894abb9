"""The two tables, as their columns follow from the records.

`spans` holds every span. `traces` holds a row for each trace: its rollups, and under `head_...` a copy of its root span
(or of the span that stands in for it), so that every list of traces reads one table. Both change in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import msgspec
from arro3.core import Array, ChunkedArray, DataType, Field

from server.observability.columns import ColumnDef, Kind
from server.observability.span import STORED_COLUMNS
from server.observability.trace import TRACE_COLUMN, TRACE_COLUMNS

HEAD = "head_"
SQL_TYPES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.TEXT: "VARCHAR",
        Kind.TIME: "TIMESTAMP_NS",
        Kind.INT: "INTEGER",
        Kind.NUMBER: "DOUBLE",
        Kind.FLAG: "BOOLEAN",
        Kind.ENUM: "VARCHAR",
        Kind.TEXTS: "VARCHAR[]",
        Kind.JSON: "JSON",
    }
)


@dataclass(frozen=True, eq=False)
class Stored:
    """A column of a table: its name there, and the record's column whose values it holds. There is one of each."""

    name: str
    column: ColumnDef

    @property
    def ddl(self) -> str:
        """The column's definition."""
        required = "" if self.column.nullable else " NOT NULL"
        return f'"{self.name}" {SQL_TYPES[self.column.kind]}{required}'

    @property
    def selected(self) -> str:
        """The expression that reads the column as Python wants it: moments as nanoseconds."""
        return f'epoch_ns("{self.name}")' if self.column.kind is Kind.TIME else f'"{self.name}"'

    def staged_in(self, table: str) -> str:
        """Return the expression that reads the column from a staged Arrow table, where lists are JSON text."""
        name = f'{table}."{self.name}"'
        return f"CAST(CAST({name} AS JSON) AS VARCHAR[])" if self.column.kind is Kind.TEXTS else name


SPANS: Mapping[str, Stored] = MappingProxyType({c.name: Stored(c.name, c) for c in STORED_COLUMNS})
"""The columns of `spans`, by the column's name in `Span`."""

TRACES: Mapping[str, Stored] = MappingProxyType({c.name: Stored(c.name, c) for c in TRACE_COLUMNS})
"""The rollups in `traces`, by the column's name in `Trace`."""

HEADS: Mapping[str, Stored] = MappingProxyType(
    {c.name: Stored(HEAD + c.name, c) for c in STORED_COLUMNS if c.name != "trace_id"}
)
"""The columns of a trace's head in `traces`, by the column's name in `Span`."""

LAST_STARTED_AT = Stored("last_started_at", replace(TRACE_COLUMN["started_at"], name="last_started_at"))
"""When the last span of a trace began: with `started_at` the stretch of `spans` that holds the trace."""

_ARROW: Mapping[Kind, Any] = MappingProxyType(
    {
        Kind.TIME: DataType.int64(),
        Kind.INT: DataType.int32(),
        Kind.NUMBER: DataType.float64(),
        Kind.FLAG: DataType.bool(),
    }
)


_JSON = {"ARROW:extension:name": "arrow.json", "ARROW:extension:metadata": ""}
"""Says that texts are JSON already, so that DuckDB does not parse each of them to see whether they are."""


def arrow_field(stored: Stored, array: Array | ChunkedArray) -> Field:
    """Return what Arrow says of a column: its name and type, and which texts are JSON."""
    field = Field(stored.name, array.type)
    return field.with_metadata(_JSON) if stored.column.kind is Kind.JSON else field


def arrow_array(kind: Kind, values: list[Any]) -> Array:
    """Return a column's values as an Arrow array; lists of texts as JSON text."""
    if kind is Kind.TEXTS:
        values = [None if value is None else msgspec.json.encode(value).decode() for value in values]
    array = Array(values, type=_ARROW.get(kind, DataType.string()))
    return array.cast(DataType.timestamp("ns")) if kind is Kind.TIME else array


def python_values(column: ColumnDef, array: Array) -> list[Any]:
    """Return the values of an Arrow array as the record has them: the way back from `arrow_array`."""
    if column.kind is Kind.TIME:
        array = array.cast(DataType.int64())
    values: list[Any] = array.to_pylist()
    if column.kind is Kind.TEXTS:
        return [None if value is None else msgspec.json.decode(value) for value in values]
    if column.kind is Kind.ENUM:
        return [None if value is None else column.value_type(value) for value in values]
    return values
