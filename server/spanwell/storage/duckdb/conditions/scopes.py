"""Resolves the columns of a condition: a table under an alias, and the SQL of each of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.questions.conditions import ALWAYS, Attribute, Condition
from spanwell.storage.duckdb.tables.columns import (
    ASSESSMENTS,
    ATTRIBUTES,
    DELETED_ASSESSMENTS,
    DELETED_TABLES,
    DELETIONS,
    HEADS,
    SPANS,
    TRACES,
    Stored,
)
from spanwell.storage.duckdb.tables.shared_text import is_as_stored


@dataclass(frozen=True)
class Scope:
    """A table under an alias; `columns` maps a record's columns to stored ones.

    Sessions and threads consist of the traces that are `among` a condition, `by` the column that names them.
    """

    alias: str
    columns: Mapping[str, Stored]
    depth: int = 0
    by: str = ""
    among: Condition = ALWAYS

    @property
    def is_of_traces(self) -> bool:
        """Whether its records are traces."""
        return "span_count" in self.columns

    def column(self, name: str) -> str:
        """Return the SQL of a column."""
        return self.columns[name].whole_in(f"{self.alias}.")

    def as_stored(self, name: str) -> str:
        """Return the SQL of a column as stored: attributes may be shortened."""
        return f'{self.alias}."{self.columns[name].name}"'

    def document(self, attribute: Attribute) -> str:
        """Return the SQL of the JSON column that holds an attribute."""
        name = attribute.level.value
        is_short = name == ATTRIBUTES and is_as_stored(attribute.pointer)
        return self.as_stored(name) if is_short else self.column(name)

    def inner(self) -> Scope:
        """Return the scope of a subquery over `spans`."""
        return Scope(f"s{self.depth + 1}", SPANS, self.depth + 1)

    def traces(self) -> Scope:
        """Return the scope of a subquery over `traces`."""
        return Scope(f"t{self.depth + 1}", OF_TRACES.columns, self.depth + 1)

    def assessments(self, kind: AssessmentKind) -> Scope:
        """Return the scope of a subquery over `scores` or `feedback`."""
        return Scope(f"a{self.depth + 1}", OF_ASSESSMENTS[kind].columns, self.depth + 1)


OF_SPANS = Scope("spans", SPANS)
"""A condition on a span."""

OF_TRACES = Scope("traces", MappingProxyType({**HEADS, **TRACES}))
"""A condition on a trace: the trace's own columns, else its head's."""

OF_DELETIONS = Scope("deletions", DELETIONS)
"""A list of deletions, in the order of any list of changes."""

OF_DELETED_ASSESSMENTS: Mapping[AssessmentKind, Scope] = MappingProxyType(
    {kind: Scope(DELETED_TABLES[kind], columns) for kind, columns in DELETED_ASSESSMENTS.items()}
)
"""A list of deleted scores or feedback."""

OF_ASSESSMENTS: Mapping[AssessmentKind, Scope] = MappingProxyType(
    {
        kind: Scope(kind.value, MappingProxyType({**columns, "started_at": columns["timestamp"]}))
        for kind, columns in ASSESSMENTS.items()
    }
)
"""A condition on a score, or on feedback."""
