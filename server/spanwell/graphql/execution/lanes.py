"""Threads beside the server's event loop, which complete large responses.

Long computations in Python would block the event loop, and with it all other requests. Each thread has its own event
loop and works on one response at a time. A computation that does not stop when it is cancelled is interrupted.
"""

import asyncio
import ctypes
import sys
import time
import weakref
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future
from contextlib import suppress
from contextvars import copy_context
from functools import cached_property, partial
from threading import Thread
from typing import Any, TypeVar

from spanwell.observability.model.errors import Overloaded
from spanwell.observability.threads import Threads

T = TypeVar("T")

_MOST_WAITING = 64
_POLITE = 0.1
"""Seconds for cancelled work to stop by itself."""
INTERRUPTED = frozenset({"graphql", "spanwell", "strawberry"})
"""The packages whose code may be interrupted: they complete answers.

Others may hold a lock: `threading.Condition` would for ever if it were interrupted right after acquiring it.
"""
_UNINTERRUPTED = frozenset({__name__, Threads.__module__})
"""Modules of these that must not be interrupted, because they count calls."""
_AGAIN = 0.02
"""Seconds between two interrupts."""


class _Interrupted(BaseException):
    """Interrupts a thread; not an `Exception`, which the work might handle."""


class Lanes:
    """A pool of threads, each started when it is first needed; they end once the pool is garbage."""

    def __init__(self, number: int) -> None:
        self._lanes = [_Lane() for _ in range(number)]
        self._waiting = 0
        weakref.finalize(self, _end, self._lanes)

    @cached_property
    def _free(self) -> "asyncio.Queue[_Lane]":
        free = asyncio.Queue[_Lane]()  # belongs to the server's event loop
        for lane in self._lanes:
            free.put_nowait(lane)
        return free

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return the result of a coroutine that runs in a thread. Raises `Overloaded` if too many are waiting."""
        if self._waiting >= _MOST_WAITING:
            raise Overloaded("Too many large responses are waiting; try again in a moment.")
        self._waiting += 1
        try:
            lane = await self._free.get()
        finally:
            self._waiting -= 1
        loop = asyncio.get_running_loop()
        job = _Job(lane, work, loop, lambda: self._free.put_nowait(lane))
        try:
            return await asyncio.shield(asyncio.wrap_future(job.answer))
        except asyncio.CancelledError:
            job.cancel()
            loop.call_later(_POLITE, job.interrupt)
            raise


class _Lane:
    """A thread with an event loop."""

    def __init__(self) -> None:
        self.thread = Thread(target=self._serve, name="spanwell-answer", daemon=True)

    @cached_property
    def loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.new_event_loop()

    def start(self) -> None:
        """Start the thread, unless it runs already."""
        if self.thread.ident is None:
            _ = self.loop
            self.thread.start()

    def end(self) -> None:
        """Stop the thread once its loop is idle."""
        if self.thread.ident is not None:
            self.loop.call_soon_threadsafe(self.loop.stop)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()
        self.loop.close()


def _end(lanes: Iterable[_Lane]) -> None:
    for lane in lanes:
        lane.end()


class _Job:
    """Work of a lane, in the context of its caller. `on_end` is called in the caller's event loop."""

    def __init__(
        self,
        lane: _Lane,
        work: Callable[[], Coroutine[Any, Any, Any]],
        loop: asyncio.AbstractEventLoop,
        on_end: Callable[[], object],
    ) -> None:
        self.answer: Future[Any] = Future()
        self._lane = lane
        self._work = work
        self._loop = loop
        self._on_end = on_end
        self._context = copy_context()
        self._task: asyncio.Task[Any] | None = None
        self.answer.add_done_callback(self._free)
        lane.start()
        lane.loop.call_soon_threadsafe(self._begin)

    def _begin(self) -> None:
        self._task = self._lane.loop.create_task(self._work(), context=self._context)
        self._task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[Any]) -> None:
        problem = asyncio.CancelledError() if task.cancelled() else task.exception()
        if problem is None:
            self.answer.set_result(task.result())
        elif isinstance(problem, Exception):
            self.answer.set_exception(problem)
        else:
            self.answer.cancel()  # the caller has gone

    def _free(self, _: Future[Any]) -> None:
        with suppress(RuntimeError):  # the event loop has ended, and needs no lanes any more
            self._loop.call_soon_threadsafe(self._on_end)

    def cancel(self) -> None:
        """Cancel the work at its next await."""
        self._lane.loop.call_soon_threadsafe(self._cancel_task)

    def _cancel_task(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def interrupt(self) -> None:
        """Interrupt the work wherever it is, repeatedly until it has ended."""
        if not self.answer.done():
            self._raise()
            self.cancel()
            self._loop.call_later(_AGAIN, self.interrupt)

    def _raise(self) -> None:
        """Interrupt the lane's thread, unless it is in code that must not be interrupted."""
        number = self._lane.thread.ident or 0
        interrupt = partial(
            ctypes.pythonapi.PyThreadState_SetAsyncExc, ctypes.c_ulong(number), ctypes.py_object(_Interrupted)
        )
        # A thread that waits to run takes over after some milliseconds, counted from here: so that none does between
        # the test and the call, there are no calls of Python functions in between.
        time.sleep(0)
        frame = sys._current_frames().get(number)  # noqa: SLF001 - documented, despite its name
        module = "" if frame is None else frame.f_globals.get("__name__", "")
        if module not in _UNINTERRUPTED and module.partition(".")[0] in INTERRUPTED:
            interrupt()
