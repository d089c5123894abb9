"""A block that takes too long is ended, and nothing else is."""

import asyncio

import pytest

from spanwell.observability.time_limits import TimeLimit


def test_what_takes_too_long_is_ended() -> None:
    async def wait() -> None:
        with pytest.raises(TimeoutError), TimeLimit(0.01):
            await asyncio.sleep(60)
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0
        await asyncio.sleep(0)  # and the task goes on

    asyncio.run(wait())


def test_what_ends_in_time_is_never_ended_later() -> None:
    async def wait() -> int:
        with TimeLimit(0.01):
            await asyncio.sleep(0)
        await asyncio.sleep(0.03)
        return 1

    assert asyncio.run(wait()) == 1


def test_whoever_else_cancels_is_not_taken_for_the_limit() -> None:
    async def limited() -> None:
        with TimeLimit(60):
            await asyncio.sleep(60)

    async def cancel() -> None:
        task = asyncio.create_task(limited())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())


def test_a_limit_within_another_ends_its_own_block() -> None:
    async def wait() -> list[str]:
        ended: list[str] = []
        try:
            with TimeLimit(0.03):
                try:
                    with TimeLimit(0.01):
                        await asyncio.sleep(60)
                except TimeoutError:
                    ended.append("inner")
                await asyncio.sleep(60)
        except TimeoutError:
            ended.append("outer")
        return ended

    assert asyncio.run(wait()) == ["inner", "outer"]
