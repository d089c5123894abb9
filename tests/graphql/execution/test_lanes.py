"""Large answers are put together beside the loop, and end when they are given up."""

import asyncio
import time
from contextvars import ContextVar
from functools import partial
from itertools import count
from threading import Condition
from types import FunctionType
from typing import Any

import pytest

from spanwell.graphql.execution import lanes
from spanwell.graphql.execution.lanes import Lanes
from spanwell.observability.model.errors import InvalidInput, Overloaded
from spanwell.observability.threads import Threads

WORD = ContextVar("WORD", default="")


@pytest.fixture(autouse=True)
def _tests_may_be_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "INTERRUPTED", lanes.INTERRUPTED | {"tests"})


async def spin() -> None:
    for _ in count():  # Python at work, that waits for nothing
        pass


async def spin_a_while(ended: list[bool]) -> None:
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        pass
    ended.append(True)


async def take(condition: Condition) -> None:
    while True:
        with condition:
            pass


async def forever() -> None:
    await asyncio.sleep(60)


async def word() -> str:
    return WORD.get()


async def fail() -> None:
    raise InvalidInput("is wrong")


async def given_up(lane: Lanes, work: Any, after: float = 0.1) -> float:
    begin = time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(after):
            await lane.run(work)
    return time.monotonic() - begin


def test_work_has_the_context_of_who_asks_and_its_errors_arrive() -> None:
    async def ask() -> None:
        beside = Lanes(1)
        WORD.set("mine")
        assert await beside.run(word) == "mine"
        with pytest.raises(InvalidInput):
            await beside.run(fail)

    asyncio.run(ask())


@pytest.mark.parametrize("work", [spin, forever])
def test_work_that_is_given_up_ends_wherever_it_is_and_the_lane_goes_on(work: Any) -> None:
    async def ask() -> None:
        beside = Lanes(1)
        for _ in range(3):
            assert await given_up(beside, work) < 5
            async with asyncio.timeout(20):
                assert await beside.run(word) == ""

    asyncio.run(ask())


def test_interrupted_work_leaves_no_lock_behind() -> None:
    """A lock of a thread pool, for example, would stop the server for ever."""

    async def ask() -> None:
        beside = Lanes(1)
        for _ in range(10):
            condition = Condition()
            await given_up(beside, partial(take, condition), 0.01)
            assert await beside.run(word) == ""
            assert condition.acquire(timeout=1)

    asyncio.run(ask())


def test_calls_of_a_pool_are_not_interrupted() -> None:
    """Such a call would keep its place in the pool for ever, and a few of them would stop all reads."""
    of_the_pool = FunctionType(spin_a_while.__code__, {**globals(), "__name__": Threads.__module__})
    ended: list[bool] = []

    async def ask() -> None:
        beside = Lanes(1)
        await beside.run(word)  # its thread has started, so that the work begins before it is given up
        await given_up(beside, partial(of_the_pool, ended))
        assert await beside.run(word) == ""

    asyncio.run(ask())
    assert ended == [True]


def test_the_loop_goes_on_while_a_lane_works() -> None:
    async def ask() -> float:
        working = asyncio.create_task(given_up(Lanes(1), spin, 0.5))
        gaps = []
        while not working.done():
            begin = time.monotonic()
            await asyncio.sleep(0.001)
            gaps.append(time.monotonic() - begin)
        return sorted(gaps)[len(gaps) // 2]

    assert asyncio.run(ask()) < 0.05


def test_only_so_much_waits_for_a_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_MOST_WAITING", 2)

    async def ask() -> None:
        beside = Lanes(1)
        waiting = [asyncio.create_task(beside.run(forever)) for _ in range(3)]
        await asyncio.sleep(0.05)
        with pytest.raises(Overloaded):
            await beside.run(word)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    asyncio.run(ask())
