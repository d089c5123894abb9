"""A shared/exclusive lock on a database: many threads use it, one replaces it while none do."""

from collections.abc import Generator
from contextlib import contextmanager
from threading import Condition

import duckdb

from spanwell.storage.duckdb.tables.connection import interrupt


class Gate:
    """Counts the threads inside; exclusive access keeps new ones out and interrupts those inside.

    `closings` counts how often it was closed: a read during which that grows may have been interrupted for it.
    """

    def __init__(self) -> None:
        self.closings = 0
        self._changed = Condition()
        self._inside: list[duckdb.DuckDBPyConnection | None] = []
        self._closed = False

    @contextmanager
    def inside(self, cursor: duckdb.DuckDBPyConnection | None = None) -> Generator[None]:
        """Use the database; the cursor's statement may be interrupted."""
        with self._changed:
            while self._closed:
                self._changed.wait()
            self._inside.append(cursor)
        try:
            yield
        finally:
            with self._changed:
                self._inside.remove(cursor)
                if self._closed:
                    self._changed.notify_all()

    @contextmanager
    def alone(self, patience: float = 0.0) -> Generator[None]:
        """Be the only thread inside, after `patience` seconds in which queries may finish."""
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._closed = True
            self.closings += 1
            self._changed.wait_for(lambda: not self._inside, patience)
            while self._inside:
                for cursor in self._inside:
                    if cursor is not None:
                        interrupt(cursor)
                self._changed.wait_for(lambda: not self._inside, 0.05)
        try:
            yield
        finally:
            with self._changed:
                self._closed = False
                self._changed.notify_all()
