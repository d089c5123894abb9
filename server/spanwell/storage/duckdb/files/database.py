"""The database of a store: opened only if its log is whole, and opened again if DuckDB gives it up."""

import logging
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

import duckdb

from spanwell.observability.model.errors import StorageUnavailable
from spanwell.storage.duckdb.tables.connection import MEMORY, attach, connect, cursor_of, detach, settle

from .gate import Gate
from .holding import is_held
from .log import log_path, size_of
from .mark import Marker, check_log
from .space import Memory, Space

_log = logging.getLogger(__name__)

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
        self.space = Memory() if db == MEMORY else Space(db)
        self.generation = 0
        self.recovering = False
        self.wrote()
        self._marker: Marker | None = None
        self._file = -1
        self._healing = Lock()
        self._healed = -_PATIENCE
        self._root = connect(db, memory_limit)
        try:
            self._open()
            settle(self._root, db)
        except BaseException:
            self._let_go()
            self._root.close()
            raise

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection for a thread of its own, which outlives an opening again."""
        return cursor_of(self._root)

    @property
    def descriptor(self) -> int | None:
        """A descriptor of the file, for those who read it within this process; None in memory."""
        return None if self._file < 0 else self._file

    def log_size(self) -> int:
        """Return the bytes of the write-ahead log; 0 in memory."""
        return 0 if self._marker is None else size_of(log_path(self.db))

    def committed(self, writes: int) -> None:
        """Take note of a commit, before those who wait for it hear of it."""
        if self._marker is not None:
            self._marker.committed(writes)

    def checkpoint(self, cursor: duckdb.DuckDBPyConnection) -> bool:
        """Move the log into the file, if there is room; return whether it was."""
        if self.db != MEMORY and is_held(self.db):
            return False
        if not self.space.has_room_for_checkpoint():
            _log.warning("The write-ahead log is not moved into the file: the disk has no room for it.")
            return False
        cursor.execute("CHECKPOINT")
        if self._marker is not None and not self.log_size():
            self._marker.checkpointed()
        return True

    def heal(self, seen: int) -> None:
        """Open the database again, which failed in some generation. Raises `StorageUnavailable` if that fails."""
        if self.db == MEMORY:
            raise StorageUnavailable("The store, which was in memory alone, failed.")
        with self._healing:
            if self.generation != seen:
                return
            if time.monotonic() < self._healed + _PATIENCE:
                raise StorageUnavailable("The store failed and is being opened again.")
            self._healed = time.monotonic()
            self.recovering = True
            _log.error("DuckDB gave the store up; it is opened again.")
            with self.gate.alone():
                self._let_go()
                self._open()
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
            raise StorageUnavailable("The store failed and is being opened again.")
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
        except duckdb.Error as error:
            _log.warning("The write-ahead log stays beside the file: %s.", type(error).__name__)
        self._let_go()
        self._root.close()

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
        except duckdb.Error:
            _log.warning("DuckDB could not close the store in order.", exc_info=True)
        if self._marker is not None:
            self._marker.close()
            self._marker = None
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
