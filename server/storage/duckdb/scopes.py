"""What a condition's columns mean where it stands: a table under an alias, and the SQL of each of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .tables import HEADS, SPANS, TRACES, Stored


@dataclass(frozen=True)
class Scope:
    """A table under an alias; `columns` finds the stored column that a record's column means."""

    alias: str
    columns: Mapping[str, Stored]
    depth: int = 0

    def column(self, name: str) -> str:
        """Return the SQL of a column."""
        return f'{self.alias}."{self.columns[name].name}"'

    def inner(self) -> Scope:
        """Return the scope of a subquery over `spans`."""
        return Scope(f"s{self.depth + 1}", SPANS, self.depth + 1)


OF_SPANS = Scope("spans", SPANS)
"""A condition on a span."""

OF_TRACES = Scope("traces", MappingProxyType({**HEADS, **TRACES}))
"""A condition on a trace: the trace's own columns, else its head's."""
