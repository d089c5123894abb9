"""Threads beside the server's event loop, which complete large responses.

Long computations in Python would block the event loop, and with it all other requests. Each thread has its own event
loop and works on one response at a time. A computation that does not stop when it is cancelled is interrupted.
"""

import asyncio
import ctypes
import weakref
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future
from contextlib import suppress
from contextvars import copy_context
from functools import cached_property
from threading import Thread
from typing import Any, TypeVar

from spanwell.observability.model.errors import Overloaded

T = TypeVar("T")

_MOST_WAITING = 64
_POLITE = 0.1
"""Seconds for cancelled work to stop by itself."""


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
        self._ended = False

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
            self._ended = True
            self.loop.call_soon_threadsafe(self.loop.stop)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        while not self._ended:
            with suppress(_Interrupted):  # it may arrive between two runs of the loop
                self._run()
        self.loop.close()

    def _run(self) -> None:
        while not self._ended:
            with suppress(_Interrupted):  # it may arrive when the work has just ended
                self.loop.run_forever()


def _end(lanes: Iterable[_Lane]) -> None:
    for lane in lanes:
        lane.end()


class _Job:
    """Work of a lane, in the context of its caller.

    An interrupt may arrive just after the work and end the lane's next step. So the lane repeats noting the end until
    it succeeds, and the server's event loop frees the lane, once.
    """

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
        self._on_end: Callable[[], object] | None = on_end
        self._context = copy_context()
        self._task: asyncio.Task[Any] | None = None
        self._is_over = False
        self.answer.add_done_callback(lambda _: loop.call_soon_threadsafe(self._free))
        lane.start()
        lane.loop.call_soon_threadsafe(self._begin)

    def _begin(self) -> None:
        self._task = self._lane.loop.create_task(self._work(), context=self._context)
        self._task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[Any]) -> None:
        self._is_over = True  # no interrupts from here on
        if self.answer.done():
            return
        problem = asyncio.CancelledError() if task.cancelled() else task.exception()
        if problem is None:
            self.answer.set_result(task.result())
        elif isinstance(problem, Exception):
            self.answer.set_exception(problem)
        else:
            self.answer.cancel()  # the caller has gone

    def _free(self) -> None:
        on_end, self._on_end = self._on_end, None
        if on_end is not None:
            on_end()

    def cancel(self) -> None:
        """Cancel the work at its next await."""
        self._lane.loop.call_soon_threadsafe(self._cancel_task)

    def _cancel_task(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def interrupt(self) -> None:
        """Interrupt the work wherever it is, repeatedly until it has ended."""
        if self.answer.done():
            self._free()
            return
        if self._task is not None and self._task.done():
            self._lane.loop.call_soon_threadsafe(self._end, self._task)
        else:
            self._raise()
            self.cancel()
        self._loop.call_later(_POLITE, self.interrupt)

    def _raise(self) -> None:
        """Interrupt the lane's thread. No other thread runs between the test and the call."""
        thread, problem = ctypes.c_ulong(self._lane.thread.ident or 0), ctypes.py_object(_Interrupted)
        if not self._is_over:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, problem)
