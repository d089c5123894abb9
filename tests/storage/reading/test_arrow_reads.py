"""Results that are read as Arrow tables can be stopped, are counted, and never take the last memory."""

import asyncio
from asyncio import Runner
from collections.abc import Iterator

import duckdb
import pytest

from spanwell.observability.model.errors import ResourceExhausted
from spanwell.observability.room import Memory, Room, room_for_request
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.duckdb.arrow_reads import arrow_table
from spanwell.storage.duckdb.conditions.sql import Sql
from tests.making import ended

COLUMNS = frozenset({"name", "tree_start"})


@pytest.fixture
def runner() -> Iterator[Runner]:
    with Runner() as runner:
        yield runner


@pytest.fixture
def store(runner: Runner) -> Iterator[DuckDBStorage]:
    storage = DuckDBStorage()
    runner.run(storage.init())
    runner.run(storage.batch_create_spans([ended("t", f"s{n:02}") for n in range(40)]))
    yield storage
    runner.run(storage.close())


def test_what_is_read_is_counted_for_the_request(runner: Runner, store: DuckDBStorage) -> None:
    async def read() -> Room:
        with room_for_request(1_000_000) as room:
            await store.get_trace_blocks(["t"], COLUMNS)
        return room

    room = runner.run(read())
    assert room.rows >= 40
    assert room.seconds > 0


def test_nothing_is_read_into_the_last_memory(
    runner: Runner, store: DuckDBStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Memory) -> int:
        raise ResourceExhausted("The server is low on memory.")

    monkeypatch.setattr(Memory, "used", full)
    with pytest.raises(ResourceExhausted):
        runner.run(store.get_trace_blocks(["t"], COLUMNS))


def test_a_page_of_columns_that_is_given_up_is_stopped(runner: Runner, store: DuckDBStorage) -> None:
    endless = Sql("SELECT count(*) FROM range(100000000) a, range(100000000) b")

    async def give_up() -> None:
        with store._database.used():
            cursor = store._database.cursor()
        reading = asyncio.create_task(asyncio.to_thread(arrow_table, cursor, endless))
        await asyncio.sleep(0.2)
        cursor.interrupt()
        await reading

    with pytest.raises(duckdb.InterruptException):
        runner.run(give_up())
