"""The database of a store: opened only if its log is complete, and reopened if DuckDB gives it up."""

import logging
import os
import time
from collections.abc import Collection, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from weakref import WeakSet

import duckdb

from spanwell.observability.model.errors import StorageUnavailable
from spanwell.observability.storage import StorageSize
from spanwell.storage.duckdb.tables.connection import (
    BESIDE,
    ENDINGS,
    MEMORY,
    attach,
    connect,
    cursor_of,
    detach,
    settle,
)

from .gate import Gate
from .holding import is_held
from .log import log_path, size_of
from .mark import Marker, check_log
from .snapshots import Snapshots
from .space import Memory, Space

_log = logging.getLogger(__name__)

_BLOCKS = "SELECT block_size, free_blocks FROM pragma_database_size() WHERE database_name = current_database()"
_MOMENT = 0.05
"""Seconds for which a swap of files waits for queries to finish; unfinished ones are run again."""
_FRESH = 10.0
"""Seconds after a failed write during which further writes are refused; then one may try."""
_PATIENCE = 1.0
"""Seconds between attempts to reopen a database."""


def is_given_up(error: Exception) -> bool:
    """Return whether DuckDB refuses all further work on the database, as it does after a failed checkpoint."""
    return isinstance(error, duckdb.FatalException) or "has been invalidated" in str(error)


class Database:
    """A database in memory, or in a file that only this process has open.

    `generation` counts how often it was opened; callers that report a failure pass the generation in which it occurred.
    """

    def __init__(self, db: str, memory_limit: str = "") -> None:
        self.db = db
        self.gate = Gate()
        self.snapshots = Snapshots()
        self.space = Memory() if db == MEMORY else Space(db)
        self.generation = 0
        self.recovering = False
        self.checkpoints = 0
        self.checkpoint_seconds = 0.0
        self.wrote()
        self._marker: Marker | None = None
        self._file = -1
        self._healing = Lock()
        self._noting = Lock()
        self._changes: set[str] | None = None
        self._healed = -_PATIENCE
        self._memory_limit = memory_limit
        self._root = connect(db, memory_limit)
        self._cursors = WeakSet[duckdb.DuckDBPyConnection]()
        for ending in ENDINGS if db != MEMORY else ():  # left by a process that died while copying
            Path(f"{db}.compact{ending}").unlink(missing_ok=True)
        try:
            self._open()
            settle(self._root, db)
        except BaseException:
            self._let_go()
            self._root.close()
            raise

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection for one thread. It survives a swap of files; for reopening see `renewed`."""
        cursor = cursor_of(self._root)
        self._cursors.add(cursor)
        return cursor

    def renewed(self, cursor: duckdb.DuckDBPyConnection | None) -> duckdb.DuckDBPyConnection:
        """Return a thread's cursor, or a new one if it has none, it was dropped, or the database was reopened."""
        return cursor if cursor is not None and cursor in self._cursors else self.cursor()

    def drop(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Close a cursor after a failure, together with any transaction that it could not end."""
        self._cursors.discard(cursor)
        cursor.close()

    @property
    def descriptor(self) -> int | None:
        """A file descriptor of the database for reads within this process; None in memory."""
        return None if self._file < 0 else self._file

    def log_size(self) -> int:
        """Return the size of the write-ahead log in bytes; 0 in memory."""
        return 0 if self._marker is None else size_of(log_path(self.db))

    def size(self, cursor: duckdb.DuckDBPyConnection) -> StorageSize:
        """Return the bytes of the files, the part of them in use, and the free bytes on the disk."""
        if self.db == MEMORY:
            return StorageSize()
        ((block, free),) = cursor.execute(_BLOCKS).fetchall()
        total = size_of(Path(self.db)) + self.log_size()
        return StorageSize(total, total - block * free, self.space.free())

    def committed(self, writes: int, trace_ids: Collection[str] | None = ()) -> None:
        """Record a commit, before its callers are answered; None stands for all traces."""
        if self._marker is not None:
            self._marker.committed(writes)
        with self._noting:
            if trace_ids is None:
                self._changes = None
            elif self._changes is not None:
                self._changes.update(trace_ids)

    def note_changes(self, *, on: bool = True) -> None:
        """Start or stop recording which traces are written to."""
        with self._noting:
            self._changes = set() if on else None

    def take_changes(self) -> list[str] | None:
        """Return the traces that were written to since the last call; None if all were deleted."""
        with self._noting:
            if self._changes is None:
                return None
            taken = list(self._changes)
            self._changes.clear()
            return taken

    def attach_beside(self, path: str) -> None:
        """Create a second file, which every connection knows as `beside`."""
        attach(self._root, path, name=BESIDE)

    def detach_beside(self) -> None:
        """Detach the second file, if there is one."""
        with suppress(duckdb.Error):
            detach(self._root, BESIDE)

    def swap(self, path: str) -> int:
        """Replace the database, whose log is empty, by a file with the same content.

        Returns a descriptor of the old file: closing it deletes that, which takes a while if it is large.
        """
        with self._healing, self.gate.alone(_MOMENT):
            if self.snapshots:
                raise StorageUnavailable("The store cannot be replaced during an export.")
            detach(self._root, BESIDE)
            self.recovering = True
            old = os.open(self.db, os.O_RDONLY)
            self._let_go()
            Path(path).replace(self.db)
            self._open()
            self.recovering = False
        return old

    def checkpoint(self, cursor: duckdb.DuckDBPyConnection) -> bool:
        """Move the log into the file if there is room; return whether it was moved."""
        if self.db != MEMORY and is_held(self.db):
            return False
        if not self.space.has_room_for_checkpoint():
            _log.warning("No checkpoint: the disk has no room for it.")
            return False
        began = time.monotonic()
        cursor.execute("CHECKPOINT")
        self.checkpoints += 1
        self.checkpoint_seconds += time.monotonic() - began
        if self._marker is not None and not self.log_size():
            self._marker.checkpointed()
        return True

    def heal(self, seen: int) -> None:
        """Reopen the database if `seen`, which failed, is still its generation. Raises `StorageUnavailable`."""
        if self.db == MEMORY:
            raise StorageUnavailable("The in-memory store failed.")
        with self._healing:
            if self.generation != seen:
                return
            if time.monotonic() < self._healed + _PATIENCE:
                raise StorageUnavailable("The store failed and is being reopened.")
            self._healed = time.monotonic()
            self.recovering = True
            _log.error("DuckDB invalidated the database; reopening the store.")
            with self.gate.alone():
                self._open_again()
            self.recovering = False
            _log.warning("The store is open again.")

    def heal_after(self, error: Exception, seen: int) -> None:
        """Reopen the database if DuckDB gave it up with an error; if that fails, the next caller tries again."""
        if is_given_up(error):
            with suppress(StorageUnavailable):
                self.heal(seen)

    @contextmanager
    def used(self, cursor: duckdb.DuckDBPyConnection | None = None) -> Generator[int]:
        """Use the database, reopening it if necessary; yields its generation."""
        if self.recovering:
            self.heal(self.generation)
        with self.gate.inside(cursor):
            yield self.generation

    def check_ready(self) -> None:
        """Raise `Overloaded` or `StorageUnavailable` if the store cannot take writes now."""
        if self.recovering:
            raise StorageUnavailable("The store failed and is being reopened.")
        self.space.check_write()
        if self._failure is not None and time.monotonic() < self._failed + _FRESH:
            raise self._failure

    def wrote(self, failure: Exception | None = None) -> None:
        """Record that a write succeeded, or failed because of the database."""
        self._failure, self._failed = failure, time.monotonic()

    def close(self) -> None:
        """Move the log into the file if there is room, and close both."""
        try:
            self.checkpoint(cursor_of(self._root))
        except (duckdb.Error, MemoryError) as error:
            _log.warning("Checkpoint failed; the write-ahead log remains: %s.", type(error).__name__)
        self._let_go()
        self._root.close()

    def _open_again(self) -> None:
        """Open the file in a new instance of DuckDB: after some failures an instance does no more work.

        Every cursor is closed first: one with an open transaction would keep the file, and its uncommitted rows, alive.
        """
        self.snapshots.end_all()
        for cursor in (*self._cursors, self._root):
            with suppress(duckdb.Error):
                cursor.close()
        self._cursors.clear()
        self._close_files()
        self._root = connect(self.db, self._memory_limit)
        self._open()
        settle(self._root, self.db)

    def _open(self) -> None:
        """Attach the database."""
        if self.db == MEMORY:
            attach(self._root, self.db)
        else:
            self._attach_file()
        self.generation += 1

    def _attach_file(self) -> None:
        check_log(self.db)
        attach(self._root, self.db)
        self._file = os.open(self.db, os.O_RDONLY)
        self._marker = Marker(self.db, self._file)

    def _let_go(self) -> None:
        """Close everything, the file last, since closing it releases the lock."""
        try:
            detach(self._root)
        except (duckdb.Error, MemoryError):
            _log.warning("DuckDB could not close the store cleanly.", exc_info=True)
        self._close_files()

    def _close_files(self) -> None:
        if self._marker is not None:
            self._marker.close()
            self._marker = None
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
