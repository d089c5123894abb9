"""The single writer: a thread that takes waiting writes, a group at a time, and answers once they are durable.

DuckDB syncs the write-ahead log once per commit, so batches that wait for the same commit share its cost.
"""

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import wait
from functools import partial
from queue import Empty, Full, Queue
from threading import Thread
from typing import Any

import duckdb

from spanwell.observability.model.errors import Overloaded, StorageUnavailable
from spanwell.storage.duckdb.files.database import Database
from spanwell.storage.duckdb.files.space import no_room
from spanwell.tracing.steps import traced_step

from .checkpoints import Checkpoints
from .committing import Committer
from .work import Work, work_between

_WAITING = 1_000
_GROUP = 20_000
"""About how many records one transaction writes."""
_LULL = 0.025
"""Seconds without a write that count as a lull: a client that sends batch after batch would have sent the next."""
_QUIET = 0.25
"""Seconds without a write after which spans get places. That costs as much as a batch, and again each time that their
traces grow, so it must not happen between two batches."""
_MANY_UNPLACED = 10_000
"""Traces without places from which on a lull is enough: some loads are never quiet, and a query would wait for all."""
_FAILED = "The store could not write; nothing of the request was stored."


class Writer:
    """Runs writes in order of arrival, one transaction after another, with checkpoints in between."""

    def __init__(self, database: Database, clock: Callable[[], int], make_room: Callable[[], None]) -> None:
        self._database = database
        self._committer = Committer(database, clock, make_room)
        self._checkpoints = Checkpoints(database, self._committer.cursor)
        self._queue: Queue[Work | None] = Queue(_WAITING)
        self._held: list[Work | None] = []
        self._thread = Thread(target=self._work, name="spanwell-write", daemon=True)
        self._thread.start()

    @property
    def unplaced(self) -> Collection[str]:
        """The traces that have grown since their spans got places."""
        return self._committer.traces.unplaced.ids

    @property
    def waiting(self) -> int:
        """The number of waiting writes."""
        return self._queue.qsize()

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

    async def between(self, task: Callable[[], Any]) -> Any:
        """Run a task in the writer's thread, between two transactions; return its result."""
        return await self.write(work_between(task))

    def checkpoint(self) -> bool:
        """Move the log into the file if possible; return whether it was moved. Only for tasks between transactions."""
        return self._checkpoints.make_now()

    def close(self) -> None:
        """Finish the waiting writes and stop."""
        self._queue.put(None)
        self._thread.join()
        self._committer.close()

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
        if (due := self._checkpoints.due()) is not None:
            return max(_LULL, due), self._checkpoints.make
        trace_ids = self._committer.traces.unplaced.next()
        delay = _QUIET if len(self.unplaced) < _MANY_UNPLACED else _LULL
        return (delay, partial(self._place, trace_ids)) if trace_ids else None

    def _place(self, trace_ids: Collection[str]) -> None:
        self._commit([Work(lambda transaction: transaction.place(trace_ids), trace_ids, is_silent=True)])

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
            self._checkpoints.make_if_late()
            answers = self._committer.commit(group)
        except Exception as error:  # noqa: BLE001 - waiting callers must hear of any failure
            self._database.heal_after(error, seen)
            if len(group) > 1:
                for work in group:
                    self._commit([work])
            else:
                failure = _failure(error)
                self._database.wrote(failure if isinstance(failure, Overloaded | StorageUnavailable) else None)
                group[0].answer.set_exception(failure)
        else:
            for work, answer in zip(group, answers, strict=True):
                work.answer.set_result(answer)


def _failure(error: Exception) -> Exception:
    """Return the error that callers see."""
    if isinstance(error, duckdb.Error | MemoryError):
        failure: Exception = no_room(error) or StorageUnavailable(_FAILED)
        failure.__cause__ = error
        return failure
    return error
