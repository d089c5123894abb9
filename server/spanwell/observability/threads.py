"""A bounded thread pool for work that would block the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from .model.errors import Overloaded

T = TypeVar("T")


class Threads:
    """A pool of threads, started on demand; at most `waiting` calls wait for one of them."""

    def __init__(self, number: int, name: str, waiting: int) -> None:
        self._most = number + waiting
        self._inside = 0
        self._pool = ThreadPoolExecutor(number, thread_name_prefix=name)

    async def run(self, work: Callable[[], T]) -> T:
        """Run work in a thread, in the caller's context, and return its result. Raises `Overloaded`."""
        if self._inside >= self._most:
            raise Overloaded("Too many requests of this kind are waiting; try again in a moment.")
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, copy_context().run, work)
        finally:
            self._inside -= 1

    def close(self) -> None:
        """Wait for running work; waiting work is cancelled."""
        self._pool.shutdown(cancel_futures=True)
