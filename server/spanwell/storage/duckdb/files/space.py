"""How much room there is on the disk of a store, and whether it is enough."""

import shutil
from pathlib import Path

import duckdb
from typing_extensions import override

from spanwell.observability.model.errors import Overloaded

from .log import log_path, size_of

RESERVE = 16 * 1024 * 1024
"""Bytes that are left free by writes: DuckDB survives a full disk in a commit, but not in a checkpoint."""

_FULL = "The disk is full: writes are refused until there is free space. Nothing in this request was stored."

_NO_MEMORY = "Out of memory because of running queries. Nothing in this request was stored; try again in a moment."


class Space:
    """The room that a store has; there is always enough in memory."""

    def __init__(self, db: str, reserve: int = RESERVE) -> None:
        self._log = log_path(db)
        self._folder = Path(db).absolute().parent
        self._reserve = reserve

    def free(self) -> int:
        """Return the bytes that can still be written."""
        return shutil.disk_usage(self._folder).free

    def check_write(self) -> None:
        """Raise `Overloaded` if a write has no room: it would leave none for the next checkpoint."""
        if self.free() < self._reserve + 2 * size_of(self._log):
            raise Overloaded(_FULL)

    def has_room_for_checkpoint(self) -> bool:
        """Return whether all that is in the log can be written once more into the file."""
        return self.free() > self._reserve // 2 + size_of(self._log)


class Memory(Space):
    """The room of a store in memory."""

    def __init__(self) -> None:
        super().__init__(":memory:")

    @override
    def free(self) -> int:
        return 2**63


def is_without_memory(error: Exception) -> bool:
    """Return whether a write failed as there was no memory for it; of a commit only the text says so."""
    if isinstance(error, duckdb.TransactionException):
        return "Failed to commit" in str(error) and "allocate" in str(error)
    return isinstance(error, duckdb.OutOfMemoryException | MemoryError)


def no_room(error: Exception) -> Overloaded | None:
    """Return what a write that failed tells its client, if it failed for want of room."""
    if is_without_memory(error):
        return Overloaded(_NO_MEMORY)
    return Overloaded(_FULL) if "No space left" in str(error) else None
