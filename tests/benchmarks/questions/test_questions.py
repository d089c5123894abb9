"""What is compared answers the same questions: no reference is fast because it answers another one."""

from collections.abc import Iterator

import pytest

from spanwell.storage.duckdb import DuckDBStorage
from tests.rules.http_door import HttpDoor

from .asked import Asked
from .case import Case
from .filling import fill
from .same import check


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    """Return both servers over three thousand spans."""
    storage = DuckDBStorage(":memory:")
    door = HttpDoor(storage)
    fill(door, 2)
    both = Asked(storage, door)
    yield both
    both.close()
    door.close()


def test_the_hand_written_server_gives_the_same_answer_to_each_question(asked: Asked) -> None:
    for case in asked.cases:
        check(case, asked.ours(case), asked.by_hand(case))
    assert len({case.name for case in asked.cases}) == len(asked.cases) > 30


@pytest.mark.parametrize(
    "by_hand",
    [
        b'{"n": [2, 1.0, "a"]}',
        b'{"n": [1, 1.1, "a"]}',
        b'{"n": [1, 1.0, "b"]}',
        b'{"n": [1, 1.0]}',
        b'{"m": [1, 1.0, "a"]}',
    ],
)
def test_an_answer_that_is_different_is_noticed(by_hand: bytes) -> None:
    case = Case("a question", "{ n }", lambda _: None)
    check(case, b'{"n": [1, 1.0, "a"]}', b'{"n": [1, 1.0000000000001, "a"]}')
    with pytest.raises(AssertionError, match="a question"):
        check(case, b'{"n": [1, 1.0, "a"]}', by_hand)


def test_moments_are_the_same_with_and_without_trailing_zeros() -> None:
    case = Case("a question", "{ n }", lambda _: None)
    check(case, b'["2026-01-01T00:00:00.5Z"]', b'["2026-01-01T00:00:00.500000000Z"]')
    with pytest.raises(AssertionError):
        check(case, b'["2026-01-01T00:00:00.5Z"]', b'["2026-01-01T00:00:00.6Z"]')
