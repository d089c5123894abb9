"""What is asked alike is made once, and not kept for long."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from spanwell.graphql.execution import event_cache
from spanwell.graphql.execution.event_cache import Shared, sharing_key

FOLLOW = "subscription($a: String, $b: String) { spans(after: $a, filter: {name: {eq: $b}}) { cursor } }"
TWICE = "subscription($a: String, $b: String) { spans(after: $a, filter: {name: {eq: $a, ne: $b}}) { cursor } }"
BELOW = "subscription($a: String, $b: String) { traces { trace { spans(after: $a, before: $b) { totalCount } } } }"


@pytest.mark.parametrize(
    ("text", "one", "other", "alike"),
    [
        (FOLLOW, {"a": "x"}, {"a": "y"}, True),
        (FOLLOW, {"a": "x"}, {}, True),
        (FOLLOW, {"b": "x"}, {"b": "y"}, False),
        (FOLLOW, {"b": "1"}, {"b": 1}, False),
        (FOLLOW, {"b": None}, {}, False),
        (TWICE, {"a": "x"}, {"a": "y"}, False),
        (BELOW, {"a": "x"}, {"a": "y"}, False),
    ],
)
def test_operations_ask_alike_if_they_differ_only_in_where_they_resume(
    text: str, one: dict[str, Any], other: dict[str, Any], *, alike: bool
) -> None:
    document = parse(text)
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    asked = [sharing_key(document, operation, values) for values in (one, other)]
    assert (asked[0] == asked[1]) is alike


class Made:
    """Values of which each is another, and how long it takes to make one."""

    def __init__(self, room: int = 10) -> None:
        self.count = 0
        self.shared = Shared[int](lambda value: value if value < 100 else None, room)

    async def make(self) -> int:
        await asyncio.sleep(0.01)
        self.count += 1
        return self.count

    async def get(self, key: str = "a") -> int:
        return await self.shared.get(key, self.make)


def run(test: Callable[[Made], Coroutine[Any, Any, None]], **how: Any) -> None:
    asyncio.run(test(Made(**how)))


def test_a_value_is_made_once_and_made_anew_after_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_cache, "_LASTS", 0.05)

    async def test(made: Made) -> None:
        assert await asyncio.gather(*(made.get() for _ in range(10))) == [1] * 10
        assert [await made.get("b"), await made.get()] == [2, 1]
        await asyncio.sleep(0.1)
        assert [await made.get(), made.shared._room] == [3, 7]

    run(test)


def test_what_there_is_no_room_for_or_should_not_be_kept_is_shared_while_it_is_made() -> None:
    async def test(made: Made) -> None:
        for first in (1, 2):
            assert list(await asyncio.gather(made.get(), made.get())) == [first] * 2
        made.count = 100
        assert list(await asyncio.gather(made.get("b"), made.get("b"))) == [101] * 2
        assert await made.get("b") == 102

    run(test, room=0)


def test_who_gives_up_takes_nothing_from_the_others_and_a_failure_is_not_kept() -> None:
    async def test(made: Made) -> None:
        impatient, patient = asyncio.create_task(made.get()), asyncio.create_task(made.get())
        await asyncio.sleep(0)
        impatient.cancel()
        assert await patient == 1

        async def fail() -> int:
            raise OSError("no luck")

        with pytest.raises(OSError, match="no luck"):
            await made.shared.get("b", fail)
        assert await made.get("b") == 2

    run(test)
