"""The tables and their columns, derived from the record classes.

`spans` holds every span. `traces` holds a row for each trace: its rollups, and under `head_...` a copy of its root span
(or of its substitute), so that every list of traces reads one table. Both change in one transaction. `scores` and
`feedback` hold assessments of them. `deletions`, `deleted_scores` and `deleted_feedback` record for a while what was
deleted, and when. `span_keys` holds all attribute keys, `span_keys_known` the time of the last span change that they
cover.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import ColumnDef, Kind
from spanwell.observability.model.span import STORED_COLUMNS
from spanwell.observability.model.trace import TRACE_COLUMN, TRACE_COLUMNS

from .shared_text import REPEATED, is_shortened_sql, whole_sql

ATTRIBUTES = "attributes"
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
    """A column of a table: its name, and the record's column that it stores. There is one instance per column."""

    name: str
    column: ColumnDef

    @property
    def ddl(self) -> str:
        """The column's definition."""
        required = "" if self.column.nullable else " NOT NULL"
        return f'"{self.name}" {SQL_TYPES[self.column.kind]}{required}'

    @property
    def selected(self) -> str:
        """The expression that reads the column in Python's form: timestamps as nanoseconds."""
        return f'epoch_ns("{self.name}")' if self.column.kind is Kind.TIME else f'"{self.name}"'

    def whole_in(self, alias: str) -> str:
        """Return the expression of the column's value in a table, with attributes restored to the original.

        `alias` ends with a dot, or is empty.
        """
        if self.column.name != ATTRIBUTES:
            return f'{alias}"{self.name}"'
        return whole_sql(f'{alias}"{self.name}"', *(f'{alias}"{self.beside(name)}"' for name in REPEATED))

    def beside(self, name: str) -> str:
        """Return the table's name of another column of the same record."""
        return self.name.removesuffix(self.column.name) + name

    def staged_in(self, table: str) -> str:
        """Return the expression that reads the column from a staged Arrow table, where lists are JSON text."""
        name = f'{table}."{self.name}"'
        return f"CAST(CAST({name} AS JSON) AS VARCHAR[])" if self.column.kind is Kind.TEXTS else name


@dataclass(frozen=True, eq=False)
class Repeated(Stored):
    """A column that is read only if attributes repeat it, else as null."""

    @property
    def selected(self) -> str:
        """The expression that reads the column along with attributes."""
        is_short = is_shortened_sql(f'"{self.beside(ATTRIBUTES)}"')
        return f'CASE WHEN {is_short} THEN "{self.name}" END'


@dataclass(frozen=True, eq=False)
class TextsAsJson(Stored):
    """A list of texts stored as JSON, which DuckDB updates in place: a LIST would make it rewrite the whole row."""

    @property
    def ddl(self) -> str:
        """The column's definition."""
        return f'"{self.name}" JSON' + ("" if self.column.nullable else " NOT NULL")

    @property
    def selected(self) -> str:
        """The expression that reads the column as a list."""
        return self.whole_in("")

    def whole_in(self, alias: str) -> str:
        """Return the expression of the list."""
        return f'CAST({alias}"{self.name}" AS VARCHAR[])'

    def staged_in(self, table: str) -> str:
        """Return the expression that reads the column from a staged Arrow table."""
        return f'CAST({table}."{self.name}" AS JSON)'


SPANS: Mapping[str, Stored] = MappingProxyType({c.name: Stored(c.name, c) for c in STORED_COLUMNS})
"""The columns of `spans`, by the column's name in `Span`."""

TRACES: Mapping[str, Stored] = MappingProxyType(
    {c.name: (TextsAsJson if c.kind is Kind.TEXTS else Stored)(c.name, c) for c in TRACE_COLUMNS}
)
"""The rollups in `traces`, by the column's name in `Trace`."""

HEADS: Mapping[str, Stored] = MappingProxyType(
    {c.name: Stored(HEAD + c.name, c) for c in STORED_COLUMNS if c.name != "trace_id"}
)
"""The columns of a trace's head in `traces`, by the column's name in `Span`."""

REPEATED_BY: Mapping[Stored, Sequence[Repeated]] = MappingProxyType(
    {
        columns[ATTRIBUTES]: [Repeated(columns[name].name, columns[name].column) for name in REPEATED]
        for columns in (SPANS, HEADS)
    }
)
"""The columns that must be read along with a column of attributes."""

ASSESSMENTS: Mapping[AssessmentKind, Mapping[str, Stored]] = MappingProxyType(
    {kind: MappingProxyType({c.name: Stored(c.name, c) for c in kind.columns}) for kind in AssessmentKind}
)
"""The columns of `scores` and `feedback`; the tables are named after the kinds."""

DELETED_ASSESSMENTS: Mapping[AssessmentKind, Mapping[str, Stored]] = MappingProxyType(
    {
        kind: MappingProxyType({name: stored[name] for name in (kind.id_column, "trace_id", "updated_at")})
        for kind, stored in ASSESSMENTS.items()
    }
)
"""What is recorded of deleted scores and feedback."""

DELETED_TABLES: Mapping[AssessmentKind, str] = MappingProxyType({kind: f"deleted_{kind.value}" for kind in ASSESSMENTS})
"""The tables that hold it."""

_DELETED_AT = Stored("changed_at", TRACE_COLUMN["changed_at"])
DELETIONS: Mapping[str, Stored] = MappingProxyType(
    {
        "trace_id": Stored("trace_id", TRACE_COLUMN["trace_id"]),
        "span_id": Stored("span_id", SPANS["span_id"].column),
        "changed_at": _DELETED_AT,
        "updated_at": _DELETED_AT,
    }
)
"""The columns of `deletions`, by the names that lists of changes are sorted by. A row stands for a whole trace."""

FIRST_STARTED_AT = Stored("first_started_at", replace(TRACE_COLUMN["started_at"], name="first_started_at"))
LAST_STARTED_AT = Stored("last_started_at", replace(TRACE_COLUMN["started_at"], name="last_started_at"))
"""The first and last start times of a trace's spans: the range of `spans` that holds the trace.

The first differs from `started_at` if spans claim to begin before 1973, when nothing was traced.
"""

IS_PLACED = Stored("is_placed", replace(TRACE_COLUMN["has_root"], name="is_placed"))
"""Whether the places (`derivation.places`) cover all spans of the trace."""

ROLLUPS: Mapping[str, Stored] = MappingProxyType(
    {**TRACES, **{each.name: each for each in (FIRST_STARTED_AT, LAST_STARTED_AT, IS_PLACED)}}
)
"""The columns of `traces` that are not copied from a trace's head."""
