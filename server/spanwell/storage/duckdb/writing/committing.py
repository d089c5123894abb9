"""Commits groups of writes, each group in one transaction, in the writer's thread."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import duckdb

from spanwell.observability.write_clock import Ticks
from spanwell.storage.duckdb.files.database import Database, is_given_up
from spanwell.storage.duckdb.files.space import is_without_memory
from spanwell.storage.duckdb.reading.changes import latest_write
from spanwell.storage.duckdb.reading.readers import Cursor

from .known_traces import KnownTraces
from .staged_views import forget_views
from .transaction import Transaction
from .work import Work

_PAUSES = (0.02, 0.05, 0.1, 0.3)
"""Seconds before a retry of a write for which queries left no memory."""


class Committer:
    """The transactions of one database. `make_room` stops queries that hold memory which a write needs."""

    def __init__(self, database: Database, clock: Callable[[], int], make_room: Callable[[], None]) -> None:
        self._database = database
        self._make_room = make_room
        self._cursor = database.cursor()
        self._ticks = Ticks(clock, latest_write(self._cursor))
        self.traces = KnownTraces(self._cursor)

    def commit(self, group: Sequence[Work]) -> list[Any]:
        """Run writes in one transaction; return their results once they are durable."""
        if group[0].between is not None:
            return [group[0].between()]
        self._database.space.check_write()
        with self._database.used():
            return self._with_room(group)

    def cursor(self) -> Cursor:
        """Return the writer's cursor, a new one if the database was reopened."""
        cursor = self._database.renewed(self._cursor)
        if cursor is not self._cursor:
            self._cursor, self.traces = cursor, KnownTraces(cursor)
        return cursor

    def close(self) -> None:
        """Close the cursor."""
        self._cursor.close()

    def _with_room(self, group: Sequence[Work]) -> list[Any]:
        """Run writes; if queries hold the memory that they need, stop the queries."""
        for pause in _PAUSES:
            try:
                return self._transact(group)
            except (duckdb.Error, MemoryError) as error:
                if not is_without_memory(error):
                    raise
                self._make_room()
                time.sleep(pause)
        return self._transact(group)

    def _transact(self, group: Sequence[Work]) -> list[Any]:
        cursor = self.cursor()
        try:
            cursor.begin()
            transaction = Transaction(
                cursor,
                self._ticks.latest if all(work.is_silent for work in group) else self._ticks.next(),
                self.traces,
                (trace_id for work in group for trace_id in work.trace_ids),
                frozenset[str]().union(*(work.columns for work in group)),
            )
            answers = [work.run(transaction) for work in group]
            transaction.write()
            cursor.commit()
        except BaseException:
            self.traces.forget({trace_id for work in group for trace_id in work.trace_ids})
            self._roll_back(cursor)
            raise
        self.traces.committed(transaction.known.values())
        self._database.committed(len(group), None if group[0].alone else _changed(group))
        self._database.wrote()
        return answers

    def _roll_back(self, cursor: Cursor) -> None:
        """Roll a transaction back; if DuckDB cannot, drop the cursor. Raises if DuckDB has given up the database."""
        forget_views(cursor)
        try:
            cursor.rollback()
        except (duckdb.Error, MemoryError) as error:
            self._database.drop(cursor)
            if is_given_up(error):
                raise


def _changed(group: Sequence[Work]) -> set[str]:
    """Return the ids of everything that the writes touch."""
    return {each for work in group for each in (*work.trace_ids, *work.assessed)}
