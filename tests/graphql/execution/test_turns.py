"""Many who are woken at once go on a few at a time."""

import asyncio
import time
from contextlib import suppress

import pytest

from spanwell.graphql.execution import fair_turns
from spanwell.graphql.execution.fair_turns import Turns


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    came = list[int]()

    async def scenario() -> None:
        asked = Turns(3)

        async def wait(number: int) -> None:
            await asked.mine()
            came.append(number)

        await asyncio.gather(*(wait(number) for number in range(10)))

    asyncio.run(scenario())
    assert came == list(range(10))


def test_others_go_on_between_two_rounds() -> None:
    seen = set[int]()

    async def scenario() -> None:
        asked, had = Turns(2), list[int]()

        async def wait() -> None:
            await asked.mine()
            had.append(1)

        waiting = asyncio.gather(*(wait() for _ in range(6)))
        while not waiting.done():
            seen.add(len(had))
            await asyncio.sleep(0)

    asyncio.run(scenario())
    assert seen == {0, 2, 4, 6}


def test_there_is_a_rest_between_two_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_turns, "_REST", 0.02)

    async def scenario() -> float:
        asked, began = Turns(2), time.monotonic()
        await asyncio.gather(*(asked.mine() for _ in range(6)))
        return time.monotonic() - began

    assert asyncio.run(scenario()) >= 2 * 0.019  # the loop's clock is whole milliseconds


def test_who_no_longer_waits_keeps_nobody_from_a_turn() -> None:
    async def scenario() -> None:
        asked = Turns(1)
        waiting = [asyncio.create_task(asked.mine()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        with suppress(asyncio.CancelledError):
            await waiting[0]
        await asyncio.wait_for(asyncio.gather(*waiting[1:]), 5)
        await asyncio.wait_for(asked.mine(), 5)

    asyncio.run(scenario())
