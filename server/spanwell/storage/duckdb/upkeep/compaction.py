"""Returns space to the system: copies the store's rows to a new file while it is in use, and swaps the files.

DuckDB reuses the space of deleted rows, but its file never shrinks. The copy is made in pieces. Rows with the ids that
are written to in the meantime are copied again, in rounds; the writer itself runs the last, small one between two
transactions. Then the new file replaces the old one. Queries that take longer than a moment are rerun on the new file.
"""

import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event

import duckdb

from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.errors import StorageUnavailable
from spanwell.storage.duckdb.files.database import Database
from spanwell.storage.duckdb.files.log import log_path, size_of
from spanwell.storage.duckdb.tables.columns import DELETED_TABLES
from spanwell.storage.duckdb.tables.connection import interrupt

_log = logging.getLogger(__name__)

_ROWS = 8 * 16_384
"""Rows to copy at a time."""
_FEW = 200
"""The most ids that the last round may copy, while writes are paused."""
_ROUNDS = 20
_WORTH = 8 * 1024 * 1024
"""The least bytes to save that are worth a new file."""
_SHARE = 0.3
"""How much larger than its content a file may be."""

_STORED = """
SELECT coalesce(sum(count), 0) FROM pragma_storage_info('spans')
WHERE column_name = 'trace_id' AND segment_type = 'VARCHAR'
"""
_DDL = {
    "tables": "SELECT sql FROM duckdb_tables() WHERE database_name = 'spanwell' ORDER BY table_oid",
    "indexes": "SELECT sql FROM duckdb_indexes() WHERE database_name = 'spanwell' ORDER BY index_oid",
    "views": "SELECT sql FROM duckdb_views() WHERE database_name = 'spanwell' AND NOT internal ORDER BY view_oid",
}
_BY_ID = {
    "spans": "trace_id IN ids",
    "traces": "trace_id IN ids",
    "deletions": "trace_id IN ids",
    **{
        table: f"trace_id IN ids OR {kind.id_column} IN ids"
        for kind in AssessmentKind
        for table in (kind.value, DELETED_TABLES[kind])
    },
}
"""The tables, and the condition in each that finds the rows of written ids."""
_TABLES = (*_BY_ID, "spanwell_schema")


def is_worth_it(database: Database, cursor: duckdb.DuckDBPyConnection) -> bool:
    """Return whether a store is much larger than its content, and there is space for a copy of that."""
    size = database.size(cursor)
    ((stored,),) = cursor.execute(_STORED).fetchall()
    ((live,),) = cursor.execute("SELECT count(*) FROM spans").fetchall()
    needed = int(size.used * (live / stored if stored else 1))
    has_room = size.free is not None and size.free > 2 * needed + _WORTH
    return size.total - needed > _WORTH and size.total > (1 + _SHARE) * needed and has_room


class Compaction:
    """One rewrite of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._path = f"{database.db}.compact"
        self._before = 0
        self._old = -1
        self._given_up = Event()

    def copy(self) -> None:
        """Copy everything."""
        self._before = size_of(Path(self._database.db))
        self._remove()
        self._database.note_changes()
        self._database.attach_beside(self._path)
        self._cursor = self._database.cursor()
        self._run("USE beside")
        self._make("tables")
        for table in _TABLES:
            self._copy_table(table)
        self._make("indexes")
        self._make("views")

    def catch_up(self) -> None:
        """Copy what was written in the meantime, again and again, until that is little."""
        for _ in range(_ROUNDS):
            if self._catch_up() <= _FEW:
                break
        self._run("CHECKPOINT beside")

    def stop(self) -> None:
        """Make `copy` and `catch_up` end soon, in whichever thread they run."""
        self._given_up.set()
        with suppress(AttributeError):  # not started yet
            interrupt(self._cursor)

    def finish(self, checkpoint: Callable[[], bool]) -> None:
        """Copy the rest while writes are paused, and replace the old file by the new one."""
        if not checkpoint() or self._database.log_size():
            raise StorageUnavailable("The store cannot be written into a new file for now: its log is in use.")
        self._catch_up()
        self._cursor.execute("CHECKPOINT beside")
        self._cursor.close()
        self._old = self._database.swap(self._path)
        after = size_of(Path(self._database.db))
        _log.info("The store was written into a new file: %s bytes became %s.", f"{self._before:,}", f"{after:,}")

    def end(self) -> None:
        """Clean up, whatever the outcome."""
        if self._old >= 0:
            os.close(self._old)
        with suppress(duckdb.Error, AttributeError):
            self._cursor.close()
        self._database.detach_beside()
        self._database.note_changes(on=False)
        self._remove()

    def _make(self, kind: str) -> None:
        for (statement,) in self._run(_DDL[kind]).fetchall():
            self._run(statement)

    def _copy_table(self, table: str) -> None:
        ((last,),) = self._run(f"SELECT coalesce(max(rowid), -1) FROM spanwell.{table}").fetchall()
        for first in range(0, last + 1, _ROWS):
            began = time.monotonic()
            self._run(f"INSERT INTO {table} FROM spanwell.{table} WHERE rowid >= ? AND rowid < ?", first, first + _ROWS)
            self._given_up.wait(min(0.5, time.monotonic() - began))

    def _catch_up(self) -> int:
        """Copy again the rows written to since the last call; return the number of ids."""
        ids = self._database.take_changes()
        if ids is None:
            raise StorageUnavailable("The store was emptied while it was written into a new file.")
        self._cursor.begin()
        for table, found in _BY_ID.items() if ids else ():
            chosen = found.replace(" ids", " (SELECT unnest($ids::VARCHAR[]))")
            self._cursor.execute(f"DELETE FROM {table} WHERE {chosen}", {"ids": ids})
            self._cursor.execute(f"INSERT INTO {table} FROM spanwell.{table} WHERE {chosen}", {"ids": ids})
        self._cursor.commit()
        return len(ids)

    def _run(self, statement: str, *values: int) -> duckdb.DuckDBPyConnection:
        if self._given_up.is_set():
            raise StorageUnavailable("The store is closed before it is written into a new file.")
        return self._cursor.execute(statement, values)

    def _remove(self) -> None:
        for left in (Path(self._path), log_path(self._path)):
            left.unlink(missing_ok=True)
