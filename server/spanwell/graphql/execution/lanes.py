"""Threads beside the event loop of the server, in which large answers are put together.

What takes long in Python would keep the loop, and with it all other requests, from going on. Each thread has a loop of
its own and works on one answer at a time; what does not end when it is given up is interrupted.
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
"""Seconds in which work that was given up may end by itself."""


class _GivenUp(BaseException):
    """Ends whatever a thread does; not an `Exception`, which the work would take for one of its own."""


class Lanes:
    """So many threads of one server, each started when it is first needed. They end when nobody needs them any more."""

    def __init__(self, number: int) -> None:
        self._lanes = [_Lane() for _ in range(number)]
        self._waiting = 0
        weakref.finalize(self, _end, self._lanes)

    @cached_property
    def _free(self) -> "asyncio.Queue[_Lane]":
        free = asyncio.Queue[_Lane]()  # of the loop that serves
        for lane in self._lanes:
            free.put_nowait(lane)
        return free

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what some work gives, done in a thread. Raises `Overloaded` if too much waits for one."""
        if self._waiting >= _MOST_WAITING:
            raise Overloaded("Too many large responses are waiting; try again in a moment.")
        self._waiting += 1
        try:
            lane = await self._free.get()
        finally:
            self._waiting -= 1
        loop = asyncio.get_running_loop()
        doing = _Doing(lane, work, loop, lambda: self._free.put_nowait(lane))
        try:
            return await asyncio.shield(asyncio.wrap_future(doing.answer))
        except asyncio.CancelledError:
            doing.give_up()
            loop.call_later(_POLITE, doing.interrupt)
            raise


class _Lane:
    """A thread with an event loop, which runs until the process ends."""

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
        """Let the thread end."""
        if self.thread.ident is not None:
            self._ended = True
            self.loop.call_soon_threadsafe(self.loop.stop)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        while not self._ended:
            with suppress(_GivenUp):  # which may come between two runs of the loop
                self._run()
        self.loop.close()

    def _run(self) -> None:
        while not self._ended:
            with suppress(_GivenUp):  # which may come when its work has just ended
                self.loop.run_forever()


def _end(lanes: Iterable[_Lane]) -> None:
    for lane in lanes:
        lane.end()


class _Doing:
    """Some work that a lane does, with the context of who asks for it.

    What interrupts the work may come just after it, and end what the lane does next. So the work's end is noted again
    until it is, and it is the loop that serves which frees the lane, once.
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
        self._is_over = True  # from here on nothing interrupts
        if self.answer.done():
            return
        problem = asyncio.CancelledError() if task.cancelled() else task.exception()
        if problem is None:
            self.answer.set_result(task.result())
        elif isinstance(problem, Exception):
            self.answer.set_exception(problem)
        else:
            self.answer.cancel()  # whoever asked has gone

    def _free(self) -> None:
        on_end, self._on_end = self._on_end, None
        if on_end is not None:
            on_end()

    def give_up(self) -> None:
        """Ask the work to end where it waits for something."""
        self._lane.loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def interrupt(self) -> None:
        """End the work wherever it is, again and again until it has ended."""
        if self.answer.done():
            self._free()
            return
        if self._task is not None and self._task.done():
            self._lane.loop.call_soon_threadsafe(self._end, self._task)
        else:
            self._raise()
            self.give_up()
        self._loop.call_later(_POLITE, self.interrupt)

    def _raise(self) -> None:
        """Interrupt the lane's thread. Between the question and the call no other thread runs."""
        thread, problem = ctypes.c_ulong(self._lane.thread.ident or 0), ctypes.py_object(_GivenUp)
        if not self._is_over:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, problem)
