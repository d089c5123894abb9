"""States of the store that are kept for those who read all of it, however long that takes them.

DuckDB keeps what a transaction sees until the transaction ends. Meanwhile it makes no checkpoint if rows were updated,
so the log grows; where it grows too long, snapshots are ended, as writes come first.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import TypeVar

import duckdb

from spanwell.observability.model.errors import Overloaded, StorageUnavailable

T = TypeVar("T")

_MOST = 8
"""How many there may be at the same time."""


class Snapshot:
    """One state of the store, which a cursor of its own reads."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self.cursor = cursor
        self._lock = Lock()
        self._ended = False
        cursor.execute("BEGIN TRANSACTION READ ONLY")
        cursor.execute("SELECT 1 FROM spans LIMIT 1")  # DuckDB takes a state of the store at the first look at it

    def read(self, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """Return what some reading of the state gives. Raises `StorageUnavailable` if it is no longer kept."""
        with self._lock:
            if self._ended:
                raise StorageUnavailable("The export was stopped because the disk was nearly full; try again.")
            return work(self.cursor)

    def end(self) -> None:
        """Stop what reads it, and keep it no longer."""
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
        """Return a snapshot of the state of now. Raises `Overloaded` if there are many."""
        if len(self._open) >= _MOST:
            raise Overloaded("Too many exports are running; try again in a moment.")
        snapshot = Snapshot(make_cursor())
        self._open.add(snapshot)
        return snapshot

    def end(self, snapshot: Snapshot) -> None:
        """Keep a snapshot no longer."""
        self._open.discard(snapshot)
        snapshot.end()

    def end_all(self) -> None:
        """Keep none of them any longer."""
        for snapshot in tuple(self._open):
            self.end(snapshot)
