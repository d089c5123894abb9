"""A trace and its spans are read by two statements where its query says which spans, and are the same as one by one."""

from collections.abc import Iterator

import msgspec
import pytest

from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.statement_log import StatementLog
from tests.making import at, ended
from tests.rules.http_door import HttpDoor

SPANS = "nodes { name startedAt } pageInfo { hasNextPage endCursor } totalCount"
TOGETHER = (
    "spans",
    "spans(first: 3)",
    "spans(first: $first)",
    "spans(first: 0)",
    "renamed: spans(first: 2)",
)
APART = (
    "spans(first: $absent)",
    "spans(first: null)",
    "spans(first: 3, offset: 1)",
    "spans(last: 2)",
    "spans(first: 3, orderBy: {field: NAME, direction: DESC})",
    'spans(filter: {name: {eq: "span 4"}})',
    "spans(first: 3) @include(if: true)",
)


SEEN: list[Sql] = []
"""The statements that were run."""


@pytest.fixture(scope="module")
def door() -> Iterator[HttpDoor]:
    made = HttpDoor(DuckDBStorage(statements=StatementLog(each=SEEN.append)))
    made.create(*(ended("t", str(s), "0" if s else None, started_at=at(9 - s)) for s in range(6)))
    yield made
    made.close()


def _statements(door: HttpDoor, selected: str, trace_id: str = "t") -> int:
    SEEN.clear()
    given = [f"{name}: Int{default}" for name, default in (("$first", " = 4"), ("$absent", "")) if name in selected]
    variables = f"({', '.join(given)})" if given else ""
    door.ask(f'query {variables} {{ trace(traceId: "{trace_id}") {{ name {selected} }} }}')
    return len(SEEN)


@pytest.mark.parametrize("selected", TOGETHER)
def test_two_statements(door: HttpDoor, selected: str) -> None:
    assert _statements(door, selected + " { nodes { name } }") == 2


@pytest.mark.parametrize("selected", APART)
def test_three_statements(door: HttpDoor, selected: str) -> None:
    assert _statements(door, selected + " { nodes { name } }") == 3


def test_a_trace_that_is_not_there_is_one_statement(door: HttpDoor) -> None:
    assert _statements(door, "spans { nodes { name } }", "nobody") == 1


@pytest.mark.parametrize("first", [0, 1, 3, 5, 6, 7, 50])
def test_the_same_spans_as_those_that_are_read_apart(door: HttpDoor, first: int) -> None:
    def ask(directive: str) -> object:
        return door.ask(
            f'{{ trace(traceId: "t") {{ name spanCount spans(first: {first}) {directive} {{ {SPANS} }} }} }}'
        )

    assert ask("") == ask("@include(if: true)")


def test_a_refused_page_is_refused_in_its_place(door: HttpDoor) -> None:
    answer = msgspec.json.decode(door.send('{ trace(traceId: "t") { spans(first: -1) { nodes { name } } } }').content)
    assert answer["errors"][0]["path"] == ["trace", "spans"]
