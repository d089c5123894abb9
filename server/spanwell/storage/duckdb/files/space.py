"""The free space on the disk of a store, and whether it is enough."""

import shutil
from pathlib import Path

import duckdb
from typing_extensions import override

from spanwell.observability.model.errors import Overloaded

from .log import log_path, size_of

RESERVE = 16 * 1024 * 1024
"""Bytes that writes leave free: DuckDB survives a full disk in a commit, but not in a checkpoint."""

_FULL = "The disk is full: writes are refused until there is free space. Nothing in this request was stored."

_NO_MEMORY = "Out of memory because of running queries. Nothing in this request was stored; try again in a moment."


class Space:
    """The disk space of a store."""

    def __init__(self, db: str, reserve: int = RESERVE) -> None:
        self._log = log_path(db)
        self._folder = Path(db).absolute().parent
        self._reserve = reserve

    def free(self) -> int:
        """Return the free bytes."""
        return shutil.disk_usage(self._folder).free

    def check_write(self) -> None:
        """Raise `Overloaded` if a write would leave no space for the next checkpoint."""
        if self.free() < self._reserve + 2 * size_of(self._log):
            raise Overloaded(_FULL)

    def has_room_for_checkpoint(self) -> bool:
        """Return whether there is space to write the content of the log once more, into the file."""
        return self.free() > self._reserve // 2 + size_of(self._log)


class Memory(Space):
    """The space of a store in memory, which is always enough."""

    def __init__(self) -> None:
        super().__init__(":memory:")

    @override
    def free(self) -> int:
        return 2**63


def is_without_memory(error: Exception) -> bool:
    """Return whether a write failed for lack of memory; a failed commit says so only in its message."""
    if isinstance(error, duckdb.TransactionException):
        return "Failed to commit" in str(error) and "allocate" in str(error)
    return isinstance(error, duckdb.OutOfMemoryException | MemoryError)


def no_room(error: Exception) -> Overloaded | None:
    """Return the error for the client if a write failed for lack of memory or disk space, else None."""
    if is_without_memory(error):
        return Overloaded(_NO_MEMORY)
    return Overloaded(_FULL) if "No space left" in str(error) else None
