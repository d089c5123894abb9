"""Staged tables are read through views that stay registered: they show the newest table, also after a rollback."""

from collections.abc import Iterator

import duckdb
import pytest
from arro3.core import Array, DataType, Table

from spanwell.storage.duckdb.writing.staged_views import forget_views, staged


@pytest.fixture
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"python_enable_replacements": "false"}) as connection:
        yield connection


def _rows(cursor: duckdb.DuckDBPyConnection, *values: int, column: str = "number") -> list[tuple[int]]:
    """Return what a statement reads of staged values."""
    table = Table.from_arrays([Array(list(values), type=DataType.int64())], names=[column])
    with staged(cursor, column, table) as view:
        return cursor.execute(f"SELECT {column} FROM {view}").fetchall()


def test_a_view_shows_the_table_of_its_block_and_nothing_afterwards(cursor: duckdb.DuckDBPyConnection) -> None:
    assert _rows(cursor, 1, 2) == [(1,), (2,)]
    assert _rows(cursor, 3) == [(3,)]
    assert cursor.execute("SELECT * FROM staged0").fetchall() == []
    assert _rows(cursor, 4, column="other") == [(4,)]
    assert _rows(cursor, 5) == [(5,)]


def test_views_that_a_rollback_dropped_are_registered_anew(cursor: duckdb.DuckDBPyConnection) -> None:
    assert _rows(cursor, 1) == [(1,)]
    cursor.begin()
    assert _rows(cursor, 2, column="other") == [(2,)]
    cursor.rollback()
    with pytest.raises(duckdb.CatalogException):
        _rows(cursor, 3, column="other")
    forget_views(cursor)
    assert _rows(cursor, 3, column="other") == [(3,)]
    assert _rows(cursor, 4) == [(4,)]


def test_batches_with_ever_other_columns_do_not_fill_the_memory(cursor: duckdb.DuckDBPyConnection) -> None:
    for number in range(250):
        assert _rows(cursor, number, column=f"column{number}") == [(number,)]
    ((count,),) = cursor.execute("SELECT count(*) FROM duckdb_views() WHERE view_name LIKE 'staged%'").fetchall()
    assert count <= 100
