"""A bounded thread pool for work that would block the event loop."""

import asyncio
import weakref
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from .model.errors import Overloaded

T = TypeVar("T")


class Threads:
    """A pool of threads, started on demand; at most `waiting` calls wait for one of them.

    The standard library's pool does some forty calls for one, for locks, callbacks and two futures, which takes as long
    as a short query. Callers' event loops may run in several threads, none of which may be interrupted in this module.
    """

    def __init__(self, number: int, name: str, waiting: int) -> None:
        self._number = number
        self._name = name
        self._most = number + waiting
        self._inside = 0
        self._threads: list[Thread] = []
        self._calls = SimpleQueue[_Call | None]()
        weakref.finalize(self, _end, self._calls, self._threads)

    async def run(self, work: Callable[[], T]) -> T:
        """Run work in a thread, in the caller's context, and return its result. Raises `Overloaded`."""
        if self._inside >= self._most:
            raise Overloaded("Too many requests of this kind are waiting; try again in a moment.")
        self._inside += 1
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._calls.put(_Call(loop, answer, copy_context(), work))
        if len(self._threads) < min(self._number, self._inside):
            self._start()
        try:
            return await answer
        finally:
            self._inside -= 1

    def _start(self) -> None:
        name = f"{self._name}_{len(self._threads)}"
        self._threads.append(Thread(target=_serve, args=(self._calls,), name=name, daemon=True))
        self._threads[-1].start()

    def close(self) -> None:
        """Wait for running work; waiting work is cancelled."""
        with suppress(Empty):
            while (call := self._calls.get_nowait()) is not None:
                call.cancel()
        _end(self._calls, self._threads)
        for thread in self._threads:
            thread.join()


class _Call:
    """Work for a thread, and the future of its result."""

    __slots__ = ("_answer", "_context", "_loop", "_work")

    def __init__(
        self, loop: asyncio.AbstractEventLoop, answer: asyncio.Future[Any], context: Context, work: Callable[[], Any]
    ) -> None:
        self._loop = loop
        self._answer = answer
        self._context = context
        self._work = work

    def run(self) -> None:
        """Do the work, unless the caller has gone."""
        if not self._answer.cancelled():
            self._tell(_settle, self._answer, *self._outcome())

    def cancel(self) -> None:
        """Cancel the work before it begins."""
        self._tell(self._answer.cancel)

    def _outcome(self) -> tuple[Any, BaseException | None]:
        try:
            return self._context.run(self._work), None
        except BaseException as error:  # noqa: BLE001 - the caller raises it
            return None, error

    def _tell(self, what: Callable[..., object], *arguments: object) -> None:
        with suppress(RuntimeError):  # the event loop has ended
            self._loop.call_soon_threadsafe(what, *arguments)


def _settle(answer: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if answer.done():  # the caller has gone
        return
    if error is None:
        answer.set_result(result)
    else:
        answer.set_exception(error)


def _serve(calls: "SimpleQueue[_Call | None]") -> None:
    while (call := calls.get()) is not None:
        call.run()
        del call  # what it holds must not live until the next one


def _end(calls: "SimpleQueue[_Call | None]", threads: list[Thread]) -> None:
    for _ in threads:
        calls.put(None)
