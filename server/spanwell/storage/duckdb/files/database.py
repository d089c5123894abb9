"""The database of a store: opened only if its log is whole, and opened again if DuckDB gives it up."""

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
_MOMENT = 0.15
"""Seconds for which a swap of files waits for queries to end; those that do not are run again."""
_FRESH = 10.0
"""Seconds for which a write that failed says that the next one will; then somebody may try."""
_PATIENCE = 1.0
"""Seconds between two attempts to open a database again."""


def is_given_up(error: Exception) -> bool:
    """Return whether DuckDB refuses all further work on the database, as it does when a checkpoint failed."""
    return isinstance(error, duckdb.FatalException) or "has been invalidated" in str(error)


class Database:
    """A file that this process alone holds open, or memory.

    `generation` counts how often it was opened: whoever meets a failure says in which generation that was.
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
        for ending in ENDINGS if db != MEMORY else ():  # of a copy that a process left which died over it
            Path(f"{db}.compact{ending}").unlink(missing_ok=True)
        try:
            self._open()
            settle(self._root, db)
        except BaseException:
            self._let_go()
            self._root.close()
            raise

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection for a thread of its own. It outlives a swap of files; see `renewed` for the rest."""
        cursor = cursor_of(self._root)
        self._cursors.add(cursor)
        return cursor

    def renewed(self, cursor: duckdb.DuckDBPyConnection | None) -> duckdb.DuckDBPyConnection:
        """Return a thread's cursor, or another one if it has none, it was dropped, or the database was opened again."""
        return cursor if cursor is not None and cursor in self._cursors else self.cursor()

    def drop(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Close a cursor on which something failed, with any transaction that it could not end."""
        self._cursors.discard(cursor)
        cursor.close()

    @property
    def descriptor(self) -> int | None:
        """A descriptor of the file, for those who read it within this process; None in memory."""
        return None if self._file < 0 else self._file

    def log_size(self) -> int:
        """Return the bytes of the write-ahead log; 0 in memory."""
        return 0 if self._marker is None else size_of(log_path(self.db))

    def size(self, cursor: duckdb.DuckDBPyConnection) -> StorageSize:
        """Return the bytes of the files, those that hold something, and those that are left on the disk."""
        if self.db == MEMORY:
            return StorageSize()
        ((block, free),) = cursor.execute(_BLOCKS).fetchall()
        total = size_of(Path(self.db)) + self.log_size()
        return StorageSize(total, total - block * free, self.space.free())

    def committed(self, writes: int, trace_ids: Collection[str] | None = ()) -> None:
        """Take note of a commit, before those who wait for it hear of it; None stands for all traces there are."""
        if self._marker is not None:
            self._marker.committed(writes)
        with self._noting:
            if trace_ids is None:
                self._changes = None
            elif self._changes is not None:
                self._changes.update(trace_ids)

    def note_changes(self, *, on: bool = True) -> None:
        """Take note of which traces are written about from now on, or no more."""
        with self._noting:
            self._changes = set() if on else None

    def take_changes(self) -> list[str] | None:
        """Return the traces that were written about since the last time; None if they were all deleted."""
        with self._noting:
            if self._changes is None:
                return None
            taken = list(self._changes)
            self._changes.clear()
            return taken

    def attach_beside(self, path: str) -> None:
        """Make a new file, which is called `beside` in every connection."""
        attach(self._root, path, name=BESIDE)

    def detach_beside(self) -> None:
        """Let go of the file beside the store, if there is one."""
        with suppress(duckdb.Error):
            detach(self._root, BESIDE)

    def swap(self, path: str) -> None:
        """Put a file that holds the same in the place of the database, whose log is empty."""
        with self._healing, self.gate.alone(_MOMENT):
            if self.snapshots:
                raise StorageUnavailable("The store cannot be replaced during an export.")
            detach(self._root, BESIDE)
            self.recovering = True
            self._let_go()
            Path(path).replace(self.db)
            self._open()
            self.recovering = False

    def checkpoint(self, cursor: duckdb.DuckDBPyConnection) -> bool:
        """Move the log into the file, if there is room; return whether it was."""
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
        """Open the database again, which failed in some generation. Raises `StorageUnavailable` if that fails."""
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

    @contextmanager
    def used(self, cursor: duckdb.DuckDBPyConnection | None = None) -> Generator[int]:
        """Use the database, whatever it takes to have it open; gives its generation."""
        if self.recovering:
            self.heal(self.generation)
        with self.gate.inside(cursor):
            yield self.generation

    def check_ready(self) -> None:
        """Raise `Overloaded` or `StorageUnavailable` if no write can be done for now."""
        if self.recovering:
            raise StorageUnavailable("The store failed and is being reopened.")
        self.space.check_write()
        if self._failure is not None and time.monotonic() < self._failed + _FRESH:
            raise self._failure

    def wrote(self, failure: Exception | None = None) -> None:
        """Take note of whether a write was done, or failed through no fault of its own."""
        self._failure, self._failed = failure, time.monotonic()

    def close(self) -> None:
        """Move the log into the file, if there is room, and let go of both."""
        try:
            self.checkpoint(cursor_of(self._root))
        except (duckdb.Error, MemoryError) as error:
            _log.warning("Checkpoint failed; the write-ahead log remains: %s.", type(error).__name__)
        self._let_go()
        self._root.close()

    def _open_again(self) -> None:
        """Open the file in another instance of DuckDB: after some failures an instance does no more work at all.

        Every cursor is closed first. One with an open transaction would hold on to the file, and to what it wrote.
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
        """Close all that is open; the file last, as its lock goes with it."""
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
