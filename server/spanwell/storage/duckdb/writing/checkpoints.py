"""When the write-ahead log is moved into the file: in a lull, or before a write once it is too long."""

import logging
import time
from collections.abc import Callable

import duckdb

from spanwell.storage.duckdb.files.database import Database
from spanwell.storage.duckdb.reading.readers import Cursor

_LONG_LOG = 24 * 1024 * 1024
"""Bytes of the write-ahead log that are worth a checkpoint in a lull. Each begins new row groups: at a third of this
one takes a fifth less time, some 60 ms, and a span a quarter more of the file (measured)."""
_LONGEST_LOG = 32 * 1024 * 1024
"""Bytes of the log after which the next write waits for a checkpoint. At twice this, p99 of four clients' batches is a
third longer, and a span takes a tenth less of the file (measured)."""
_FULL_LOG = 16 * _LONGEST_LOG
"""Bytes of the log at which snapshots are ended, since they keep DuckDB from making a checkpoint."""
_PATIENCE = 1.0
"""Seconds before a failed checkpoint is retried."""
_SHORT_PATIENCE = 0.1
"""Seconds before a retry if DuckDB refused a checkpoint because an open query began before a row was changed: the query
may end at any time, and the next one may begin soon after."""

_log = logging.getLogger(__name__)


class Checkpoints:
    """The checkpoints of a database, made in the writer's thread with its `cursor`, while no transaction is open."""

    def __init__(self, database: Database, cursor: Callable[[], Cursor]) -> None:
        self._database = database
        self._cursor = cursor
        self._not_before = 0.0
        self._is_refused = False

    def due(self) -> float | None:
        """Return the seconds until a checkpoint is worth making in a lull; None if the log is short."""
        if self._database.log_size() <= _LONG_LOG:
            return None
        return max(0.0, self._not_before - time.monotonic())

    def make_if_late(self) -> None:
        """Move the log into the file before a write if it is too long."""
        if self._database.log_size() > _LONGEST_LOG:
            self.make()

    def make_now(self) -> bool:
        """Do as `make`, also right after a failure."""
        self._not_before = 0.0
        return self.make()

    def make(self) -> bool:
        """Move the log into the file if possible; return whether it was moved."""
        if time.monotonic() < self._not_before:
            return False
        seen = self._database.generation
        if self._database.log_size() > _FULL_LOG:
            self._database.snapshots.end_all()
        try:
            with self._database.used():
                if self._database.checkpoint(self._cursor()):
                    self._is_refused = False
                    return True
            patience = _PATIENCE
        except duckdb.Error as error:  # nothing is lost: the log has it all
            patience = self._failed(error)
            self._database.heal_after(error, seen)
        self._not_before = time.monotonic() + patience
        return False

    def _failed(self, error: duckdb.Error) -> float:
        """Log why there was no checkpoint; return the seconds before the next try."""
        if not isinstance(error, duckdb.TransactionException):
            _log.warning("The write-ahead log could not be moved into the file: %s", type(error).__name__)
            return _PATIENCE
        if not self._is_refused:  # once, although it is tried again and again
            self._is_refused = True
            _log.info("The write-ahead log will be moved into the file once an open query has ended.")
        return _SHORT_PATIENCE
