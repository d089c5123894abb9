"""Threads beside the event loop: bounded, given back, and ended."""

import asyncio
import gc
import threading
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from functools import wraps
from threading import Event
from typing import Any

import pytest

from spanwell.observability.model.errors import Overloaded
from spanwell.observability.threads import Threads

VARIABLE: ContextVar[str] = ContextVar("variable", default="")


def in_a_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Let a test run in an event loop of its own."""

    @wraps(test)
    def run() -> None:
        asyncio.run(test())

    return run


def names() -> set[str]:
    """Return the names of this test's threads."""
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("test")}


def fail() -> None:
    raise ValueError("no")


@in_a_loop
async def test_what_is_beyond_those_that_work_and_wait_is_refused_until_there_is_room() -> None:
    go, threads = Event(), Threads(1, "test", 2)
    under_way = [asyncio.create_task(threads.run(go.wait)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await threads.run(go.wait)
    go.set()
    assert await asyncio.gather(*under_way) == [True] * 3
    assert await threads.run(lambda: 1) == 1
    threads.close()


@in_a_loop
async def test_work_sees_the_variables_of_its_caller_and_its_errors_are_the_callers() -> None:
    threads = Threads(1, "test", 2)
    VARIABLE.set("mine")
    assert await threads.run(VARIABLE.get) == "mine"
    with pytest.raises(ValueError, match="no"):
        await threads.run(fail)
    threads.close()


@in_a_loop
async def test_threads_are_started_when_they_are_needed_and_end_when_closed() -> None:
    go, threads = Event(), Threads(3, "test", 5)
    for _ in range(3):
        await threads.run(lambda: None)
    assert names() == {"test_0"}
    under_way = [asyncio.create_task(threads.run(go.wait)) for _ in range(5)]
    await asyncio.sleep(0)
    assert names() == {"test_0", "test_1", "test_2"}
    go.set()
    await asyncio.gather(*under_way)
    threads.close()
    assert names() == set()


@in_a_loop
async def test_closing_waits_for_what_runs_and_cancels_what_waits() -> None:
    begun, go, threads = Event(), Event(), Threads(1, "test", 2)

    def work() -> bool:
        begun.set()
        return go.wait()

    running = asyncio.create_task(threads.run(work))
    waiting = asyncio.create_task(threads.run(work))
    await asyncio.to_thread(begun.wait)
    closing = asyncio.create_task(asyncio.to_thread(threads.close))
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go.set()
    assert await running
    await closing


@in_a_loop
async def test_work_whose_caller_has_gone_is_not_begun_and_its_result_is_dropped() -> None:
    begun, go, done, threads = Event(), Event(), Event(), Threads(1, "test", 2)

    def work() -> None:
        begun.set()
        go.wait()

    running = asyncio.create_task(threads.run(work))
    waiting = asyncio.create_task(threads.run(done.set))
    await asyncio.to_thread(begun.wait)
    running.cancel()
    waiting.cancel()
    await asyncio.wait([running, waiting])
    go.set()
    await threads.run(lambda: None)
    assert not done.is_set()
    threads.close()


def test_threads_end_with_their_pool_even_if_nobody_closes_it() -> None:
    async def run() -> threading.Thread:
        return await Threads(1, "test", 2).run(threading.current_thread)

    thread = asyncio.run(run())
    gc.collect()
    thread.join(10)
    assert not thread.is_alive()


def test_a_result_that_comes_after_the_event_loop_is_dropped() -> None:
    go, threads = Event(), Threads(1, "test", 2)

    async def run() -> None:
        await asyncio.wait_for(threads.run(go.wait), 0.01)

    with pytest.raises(TimeoutError):
        asyncio.run(run())
    go.set()
    threads.close()
    assert names() == set()
