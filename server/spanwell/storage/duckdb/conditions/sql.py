"""A piece of SQL with its bound values: the text comes from our own column list, client input is always bound."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sql:
    """SQL text with a `?` for each value."""

    text: str
    values: tuple[Any, ...] = ()

    def __add__(self, other: Sql | str) -> Sql:
        if isinstance(other, str):
            return Sql(self.text + other, self.values)
        return Sql(self.text + other.text, self.values + other.values)

    def __radd__(self, other: str) -> Sql:
        return Sql(other + self.text, self.values)


TRUE = Sql("TRUE")
FALSE = Sql("FALSE")


def join(separator: str, parts: Iterable[Sql]) -> Sql:
    """Return the parts with a separator between them."""
    listed = list(parts)
    values = tuple(value for part in listed for value in part.values)
    return Sql(separator.join(part.text for part in listed), values)


def all_of(parts: Iterable[Sql]) -> Sql:
    """Return the conjunction of the conditions; TRUE if there are none."""
    listed = [part for part in parts if part != TRUE]
    return _joined(" AND ", listed) if listed else TRUE


def any_of(parts: Iterable[Sql]) -> Sql:
    """Return the disjunction of the conditions; FALSE if there are none."""
    listed = [part for part in parts if part != FALSE]
    return _joined(" OR ", listed) if listed else FALSE


def _joined(separator: str, parts: list[Sql]) -> Sql:
    return parts[0] if len(parts) == 1 else join(separator, ("(" + part + ")" for part in parts))
