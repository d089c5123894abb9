"""A read in a thread, which others can stop."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

import duckdb

from spanwell.storage.duckdb.tables.connection import interrupt

_AGAIN = 0.02
"""Seconds between two interrupts of a read that has been stopped."""


class Stoppable:
    """Interrupts the statements of one read, and never those of the next read on the same cursor."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._cursor: duckdb.DuckDBPyConnection | None = None
        self._is_stopped = False

    @contextmanager
    def on(self, cursor: duckdb.DuckDBPyConnection) -> Generator[None]:
        """Read on a cursor for the block. Raises `duckdb.InterruptException` if the read has been stopped already."""
        with self._lock:
            if self._is_stopped:
                raise duckdb.InterruptException("The read was stopped.")
            self._cursor = cursor
        try:
            yield
        finally:
            with self._lock:
                self._cursor = None

    def interrupt(self) -> bool:
        """Interrupt the current statement, if there is one; return whether the read is running."""
        with self._lock:  # the thread cannot begin another read in the meantime
            if self._cursor is not None:
                interrupt(self._cursor)
            return self._cursor is not None

    def stop(self) -> None:
        """Interrupt the read until it has ended, as it may be between two statements; for the event loop."""
        self._is_stopped = True
        if self.interrupt():
            asyncio.get_running_loop().call_later(_AGAIN, self.stop)
