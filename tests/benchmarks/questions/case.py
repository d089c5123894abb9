"""A question, and the answer to it by hand: SQL, and what turns its rows into the same JSON."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import duckdb

Cursor: TypeAlias = duckdb.DuckDBPyConnection
Row: TypeAlias = tuple[Any, ...]
ByHand: TypeAlias = Callable[[Cursor], object]


@dataclass(frozen=True)
class Case:
    """A question in GraphQL, or the path of an export; and what gives the same `data`, or the same file, by hand."""

    name: str
    query: str
    by_hand: ByHand

    @property
    def is_export(self) -> bool:
        """Whether the answer is a file."""
        return self.query.startswith("/")


def rows(cursor: Cursor, sql: str) -> list[Row]:
    """Return the rows of a statement."""
    return cursor.execute(sql).fetchall()


def count(name: str, filter_: str, where: str, records: str = "spans") -> Case:
    """Return the question how many records meet a filter."""

    def by_hand(cursor: Cursor) -> object:
        ((found,),) = rows(cursor, f"SELECT count(*) FROM {records} WHERE {where}")
        return {records: {"totalCount": found}}

    return Case(name, f"{{ {records}(filter: {filter_}) {{ totalCount }} }}", by_hand)


def listed(field: str, names: Sequence[str], sql: str) -> ByHand:
    """Return what answers a field whose value is a list of objects."""
    return lambda cursor: {field: [dict(zip(names, row, strict=True)) for row in rows(cursor, sql)]}


def page(field: str, names: Sequence[str], sql: str) -> ByHand:
    """Return what answers a field whose value has `nodes`."""
    objects = listed("nodes", names, sql)
    return lambda cursor: {field: objects(cursor)}
