"""Arrow tables as views of a cursor: registered once for each set of columns, and then filled again and again.

Registering a table and dropping it again takes DuckDB 1 to 2 ms, as long as inserting some hundred rows.
"""

from collections.abc import Generator, Hashable
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from arro3.core import Schema, Table

from spanwell.storage.duckdb.reading.readers import Cursor

_MOST = 100
"""Views of a cursor; batches differ in their columns."""


class _View:
    """What DuckDB reads when a statement names the view: the table that is in it at that time."""

    def __init__(self, name: str, schema: Schema) -> None:
        self.name = name
        self.schema = schema
        self.table: Table | None = None

    def __arrow_c_schema__(self) -> object:
        return self.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        table = self.table or Table.from_batches([], schema=self.schema)
        return table.__arrow_c_stream__(requested_schema)


_views: WeakKeyDictionary[Cursor, dict[Hashable, _View]] = WeakKeyDictionary()


@contextmanager
def staged(cursor: Cursor, columns: Hashable, table: Table) -> Generator[str]:
    """Return the name of a view of a table, for the block; tables with equal `columns` have one schema."""
    views = _views.setdefault(cursor, {})
    view = views.get(columns)
    if view is None:
        if len(views) >= _MOST:
            views.clear()
        view = views[columns] = _View(f"staged{len(views)}", table.schema)
        cursor.register(view.name, view)
    view.table = table
    try:
        yield view.name
    finally:
        view.table = None


def forget_views(cursor: Cursor) -> None:
    """Register views anew: a rollback drops those that were registered in its transaction."""
    _views.pop(cursor, None)
