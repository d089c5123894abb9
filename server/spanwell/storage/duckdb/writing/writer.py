"""The single writer: a thread that runs the waiting writes in one transaction, and answers once that is durable.

DuckDB syncs the write-ahead log once per commit, so batches that wait for the same commit share its cost.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, Full, Queue
from threading import Thread
from typing import Any, TypeVar

import duckdb

from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.errors import Overloaded, StorageUnavailable
from spanwell.observability.questions.queries import ALL_SPAN_COLUMNS, Columns
from spanwell.observability.write_clock import Ticks
from spanwell.storage.duckdb.files.database import Database, is_given_up
from spanwell.storage.duckdb.files.space import is_without_memory, no_room
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.tracing.steps import traced_step

from .known_traces import KnownTraces
from .transaction import Transaction

T = TypeVar("T")

_WAITING = 1_000
_GROUP = 20_000
"""About how many records one transaction writes."""
_PAUSES = (0.02, 0.05, 0.1, 0.3)
"""Seconds before a retry of a write for which queries left no memory."""
_LULL = 0.025
"""Seconds without a write that count as a lull: a client that sends batch after batch would have sent the next."""
_PLACED_AT_ONCE = 2_000
"""How many spans get places in one transaction during a lull; those of larger traces wait for a query."""
_LONG_LOG = 24 * 1024 * 1024
"""Bytes of the write-ahead log that are worth a checkpoint in a lull. Each begins new row groups: at a third of this
one takes a fifth less time, some 60 ms, and a span a quarter more of the file (measured)."""
_LONGEST_LOG = 64 * 1024 * 1024
"""Bytes of the log after which the next write waits for a checkpoint."""
_FULL_LOG = 8 * _LONGEST_LOG
"""Bytes of the log at which snapshots are ended, since they keep DuckDB from making a checkpoint."""
_FAILED = "The store could not write; nothing of the request was stored."
_PATIENCE = 1.0
"""Seconds before a failed checkpoint is retried."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work:
    """A waiting write: the traces and spans that it touches, what it does, and the future for its result.

    `count` is the number of records, `columns` are the columns of stored spans that it needs, and `staged` is what was
    prepared outside the writer's thread. `between` runs instead of a transaction, while none is open.
    """

    run: Callable[[Transaction], Any]
    trace_ids: Collection[str] = ()
    count: int = 1
    columns: Columns = ALL_SPAN_COLUMNS
    alone: bool = False
    is_silent: bool = False
    """Whether clients see no change, so that it gets no timestamp of its own."""
    between: Callable[[], Any] | None = None
    assessed: Collection[str] = ()
    """The ids of the scores or feedback that it touches."""
    staged: Future[Any] | None = None
    answer: Future[Any] = field(default_factory=Future[Any])


class Writer:
    """Runs writes in order of arrival, one transaction after another, with checkpoints in between."""

    def __init__(self, database: Database, clock: Callable[[], int], make_room: Callable[[], None]) -> None:
        self._database = database
        self._make_room = make_room
        self._tried = -_PATIENCE
        self._cursor = database.cursor()
        self._ticks = Ticks(clock, _latest(self._cursor))
        self._traces = KnownTraces(self._cursor)
        self._queue: Queue[Work | None] = Queue(_WAITING)
        self._held: list[Work | None] = []
        self._thread = Thread(target=self._work, name="spanwell-write", daemon=True)
        self._thread.start()

    @property
    def unplaced(self) -> Collection[str]:
        """The traces that have grown since their spans got places."""
        return self._traces.unplaced

    async def write(self, work: Work) -> Any:
        """Return the result of a write once it is durable. Raises `Overloaded` if too many are waiting."""
        try:
            self._queue.put_nowait(work)
        except Full:
            if work.staged is not None:
                work.staged.cancel()
            raise Overloaded("Too many writes are waiting; try again in a moment.") from None
        with traced_step("commit", {"spanwell.records": work.count}):
            return await asyncio.shield(asyncio.wrap_future(work.answer))

    @property
    def waiting(self) -> int:
        """The number of waiting writes."""
        return self._queue.qsize()

    async def between(self, task: Callable[[], Any]) -> Any:
        """Run a task in the writer's thread, between two transactions; return its result."""
        return await self.write(Work(_nothing, alone=True, between=task))

    def checkpoint(self) -> bool:
        """Move the log into the file if possible; return whether it was moved. Only for tasks between transactions."""
        self._tried = -_PATIENCE
        return self._checkpoint()

    def close(self) -> None:
        """Finish the waiting writes and stop."""
        self._queue.put(None)
        self._thread.join()
        self._cursor.close()

    def _work(self) -> None:
        while (first := self._next()) is not None:
            self._commit(self._gather(first))

    def _next(self) -> Work | None:
        work = self._held.pop() if self._held else self._await()
        if work is not None and work.staged is not None:
            wait([work.staged])
        return work

    def _await(self) -> Work | None:
        while (idle := self._idle_work()) is not None:
            waiting, work = idle
            try:
                return self._queue.get(timeout=waiting)
            except Empty:
                work()
        return self._queue.get()

    def _idle_work(self) -> tuple[float, Callable[[], object]] | None:
        """Return the next maintenance task for when no writes are waiting, and the delay in seconds."""
        if self._database.log_size() > _LONG_LOG:
            return max(_LULL, self._tried + _PATIENCE - time.monotonic()), self._checkpoint
        trace_ids = self._traces.to_place(_PLACED_AT_ONCE)
        return (_LULL, partial(self._place, trace_ids)) if trace_ids else None

    def _place(self, trace_ids: Collection[str]) -> None:
        self._commit([Work(lambda transaction: transaction.place(trace_ids), trace_ids, is_silent=True)])

    def _checkpoint(self) -> bool:
        if time.monotonic() < self._tried + _PATIENCE:
            return False
        seen = self._database.generation
        if self._database.log_size() > _FULL_LOG:
            self._database.snapshots.end_all()
        try:
            with self._database.used():
                if self._database.checkpoint(self._renewed()):
                    return True
        except duckdb.Error as error:  # nothing is lost: the log has it all
            _log.warning("The write-ahead log could not be moved into the file: %s", type(error).__name__)
            self._heal(error, seen)
        self._tried = time.monotonic()
        return False

    def _heal(self, error: Exception, seen: int) -> None:
        if is_given_up(error):
            with suppress(StorageUnavailable):  # the next caller tries again
                self._database.heal(seen)

    def _gather(self, first: Work) -> list[Work]:
        """Return the writes that share a transaction with the first; one that cannot is held for the next one."""
        group, size = [first], first.count
        while not first.alone and size < _GROUP:
            try:
                work = self._queue.get_nowait()
            except Empty:
                break
            if work is None or work.alone or not (work.staged is None or work.staged.done()):
                self._held.append(work)
                break
            group.append(work)
            size += work.count
        return group

    def _commit(self, group: list[Work]) -> None:
        """Run writes in one transaction; if that fails, run each in its own, so that the good ones still succeed."""
        seen = self._database.generation
        try:
            if self._database.log_size() > _LONGEST_LOG:
                self._checkpoint()
            answers = self._answers(group)
        except Exception as error:  # noqa: BLE001 - waiting callers must hear of any failure
            self._heal(error, seen)
            if len(group) > 1:
                for work in group:
                    self._commit([work])
            else:
                told = _told(error)
                self._database.wrote(told if isinstance(told, Overloaded | StorageUnavailable) else None)
                group[0].answer.set_exception(told)
        else:
            for work, answer in zip(group, answers, strict=True):
                work.answer.set_result(answer)

    def _answers(self, group: list[Work]) -> list[Any]:
        if group[0].between is not None:
            return [group[0].between()]
        self._database.space.check_write()
        with self._database.used():
            return self._with_room(group)

    def _with_room(self, group: list[Work]) -> list[Any]:
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

    def _renewed(self) -> Cursor:
        """Return the writer's cursor, a new one if the database was reopened; for use in the writer's thread."""
        cursor = self._database.renewed(self._cursor)
        if cursor is not self._cursor:
            self._cursor, self._traces = cursor, KnownTraces(cursor)
        return cursor

    def _roll_back(self, cursor: Cursor) -> None:
        """Roll a transaction back; if DuckDB cannot, drop the cursor. Raises if DuckDB has given up the database."""
        try:
            cursor.rollback()
        except (duckdb.Error, MemoryError) as error:
            self._database.drop(cursor)
            if is_given_up(error):
                raise

    def _transact(self, group: list[Work]) -> list[Any]:
        cursor = self._renewed()
        try:
            cursor.begin()
            transaction = Transaction(
                cursor,
                self._ticks.latest if all(work.is_silent for work in group) else self._ticks.next(),
                self._traces,
                (trace_id for work in group for trace_id in work.trace_ids),
                frozenset[str]().union(*(work.columns for work in group)),
            )
            answers = [work.run(transaction) for work in group]
            transaction.write()
            cursor.commit()
        except BaseException:
            self._traces.forget({trace_id for work in group for trace_id in work.trace_ids})
            self._roll_back(cursor)
            raise
        self._traces.committed(transaction.known.values())
        alone = group[0].alone
        self._database.committed(len(group), None if alone else _changed(group))
        self._database.wrote()
        return answers


def _changed(group: Sequence[Work]) -> set[str]:
    """Return the ids of everything that the writes touch."""
    return {each for work in group for each in (*work.trace_ids, *work.assessed)}


def _latest(cursor: Cursor) -> int:
    """Return the timestamp of the last stored write; 0 if the store is empty."""
    moments = [
        "SELECT max(changed_at) AS moment FROM deletions",
        *(f"SELECT max(updated_at) FROM {table}" for table in ("spans", *(kind.value for kind in AssessmentKind))),
    ]
    ((found,),) = cursor.execute(f"SELECT epoch_ns(max(moment)) FROM ({' UNION ALL '.join(moments)})").fetchall()
    return found or 0


def _nothing(_: Transaction) -> None:
    """Do nothing: the transaction of work that runs between transactions."""


def _told(error: Exception) -> Exception:
    """Translate a failure into the error that callers see."""
    if isinstance(error, duckdb.Error | MemoryError):
        told: Exception = no_room(error) or StorageUnavailable(_FAILED)
        told.__cause__ = error
        return told
    return error
