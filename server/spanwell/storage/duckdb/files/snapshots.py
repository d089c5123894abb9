"""Snapshots of the store for clients that read all of it, however long they take.

DuckDB keeps the state that a transaction sees until it ends. Until then it makes no checkpoint if rows were updated, so
the log grows; if it grows too long, snapshots are ended, because writes take precedence.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import TypeVar

import duckdb

from spanwell.observability.model.errors import Overloaded, StorageUnavailable

T = TypeVar("T")

_MOST = 8
"""The most snapshots at a time."""


class Snapshot:
    """One state of the store, with a cursor of its own."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self.cursor = cursor
        self._lock = Lock()
        self._ended = False
        cursor.execute("BEGIN TRANSACTION READ ONLY")
        cursor.execute("SELECT 1 FROM spans LIMIT 1").fetchall()  # DuckDB fixes the state at the first read

    def read(self, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """Run a read on the snapshot. Raises `StorageUnavailable` if the snapshot has ended."""
        with self._lock:
            if self._ended:
                raise StorageUnavailable("The export was stopped because the disk was nearly full; try again.")
            return work(self.cursor)

    def end(self) -> None:
        """Stop any read of it, and release it."""
        while not self._lock.acquire(timeout=0.05):
            self.cursor.interrupt()
        try:
            self._ended = True
            with suppress(duckdb.Error):
                self.cursor.close()
        finally:
            self._lock.release()


class Snapshots:
    """The snapshots of one database."""

    def __init__(self) -> None:
        self._open = set[Snapshot]()

    def __len__(self) -> int:
        return len(self._open)

    def take(self, make_cursor: Callable[[], duckdb.DuckDBPyConnection]) -> Snapshot:
        """Return a snapshot of the current state. Raises `Overloaded` if there are too many."""
        if len(self._open) >= _MOST:
            raise Overloaded("Too many exports are running; try again in a moment.")
        snapshot = Snapshot(make_cursor())
        self._open.add(snapshot)
        return snapshot

    def end(self, snapshot: Snapshot) -> None:
        """Release a snapshot."""
        self._open.discard(snapshot)
        snapshot.end()

    def end_all(self) -> None:
        """Release all snapshots."""
        for snapshot in tuple(self._open):
            self.end(snapshot)
