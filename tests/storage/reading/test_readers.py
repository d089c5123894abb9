"""Reading is bounded: how much waits, how much is held, and what makes room for writes."""

import asyncio
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from spanwell import storage as stores
from spanwell.observability import room
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.errors import Overloaded, ResourceExhausted
from spanwell.observability.questions.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Attribute,
    Compare,
    Condition,
    HasSpan,
    Level,
    Not,
    Op,
    Search,
    is_search,
)
from spanwell.observability.room import Memory, room_for_request, take_room
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.files.database import Database
from spanwell.storage.duckdb.reading import readers
from spanwell.storage.duckdb.reading.readers import Cursor, Readers, fetch
from spanwell.storage.duckdb.reading.stoppable import Stoppable
from spanwell.storage.duckdb.writing.committing import Committer
from tests.making import ended

LONG = "SELECT sum(a.i * b.i) FROM range(10000000) a(i), range(100000) b(i)"


@contextmanager
def reading(threads: int = 2) -> Generator[Readers]:
    database = Database(":memory:", "200MB")
    made = Readers(database, threads)
    try:
        yield made
    finally:
        made.close()
        database.close()


def long(cursor: Cursor) -> Any:
    return cursor.execute(LONG).fetchall()


def one(cursor: Cursor) -> Any:
    return cursor.execute("SELECT 1").fetchall()


def test_look_ups_go_on_beside_any_number_of_searches() -> None:
    async def ask(made: Readers) -> None:
        searches = [asyncio.create_task(made.search(long)) for _ in range(5)]
        await asyncio.sleep(0.1)
        async with asyncio.timeout(2):
            assert await made.read(one) == [(1,)]
        for search in searches:
            search.cancel()
        await asyncio.gather(*searches, return_exceptions=True)

    with reading() as made:
        asyncio.run(ask(made))


def test_a_request_makes_its_searches_one_by_one() -> None:
    async def ask(made: Readers) -> int:
        running, most = 0, 0

        def work(_: Cursor) -> None:
            nonlocal running, most
            running += 1
            most = max(most, running)
            threading.Event().wait(0.02)
            running -= 1

        with room_for_request(1_000):
            await asyncio.gather(*(made.search(work) for _ in range(4)))
        return most

    with reading(4) as made:
        assert asyncio.run(ask(made)) == 1


def test_only_so_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_WAITING", 1)

    async def ask(made: Readers) -> None:
        searches = [asyncio.create_task(made.search(long)) for _ in range(2)]
        await asyncio.sleep(0.05)
        with pytest.raises(Overloaded):
            await made.search(one)
        for search in searches:
            search.cancel()
        await asyncio.gather(*searches, return_exceptions=True)
        assert await made.search(one) == [(1,)]

    with reading() as made:
        asyncio.run(ask(made))


def test_a_read_of_many_statements_ends_when_its_caller_leaves() -> None:
    """An interrupt may come between two statements, and interrupts neither."""

    def many(cursor: Cursor) -> Any:
        for _ in range(3_000):
            one(cursor)
            time.sleep(0.005)

    async def ask(made: Readers) -> None:
        read = asyncio.create_task(made.read(many))
        await asyncio.sleep(0.1)
        read.cancel()
        async with asyncio.timeout(10):
            assert await made.read(one) == [(1,)]

    with reading(1) as made:
        asyncio.run(ask(made))


def test_a_read_that_is_stopped_before_it_begins_does_not_begin() -> None:
    early = Stoppable()
    early.stop()
    with duckdb.connect() as cursor, pytest.raises(duckdb.InterruptException), early.on(cursor):
        raise AssertionError


def test_a_read_that_has_ended_is_not_interrupted_any_more() -> None:
    ended_read = Stoppable()
    with duckdb.connect() as cursor:
        with ended_read.on(cursor):
            assert ended_read.interrupt()
        assert not ended_read.interrupt()


def test_searches_that_are_stopped_say_why() -> None:
    async def ask(made: Readers) -> None:
        search = asyncio.create_task(made.search(long))
        await asyncio.sleep(0.2)
        made.stop_searches()
        with pytest.raises(ResourceExhausted, match="a write needed its memory"):
            await search

    with reading() as made:
        asyncio.run(ask(made))


def test_a_read_that_is_interrupted_for_a_swap_of_files_is_run_again_after_it() -> None:
    runs = list[int]()

    def twice(cursor: Cursor) -> Any:
        runs.append(1)
        return long(cursor) if len(runs) == 1 else one(cursor)

    async def ask(made: Readers) -> None:
        read = asyncio.create_task(made.read(twice))
        await asyncio.sleep(0.2)
        with made._database.gate.alone():
            await asyncio.sleep(0.2)  # the read has failed long before the swap is done
        assert await read == [(1,)]

    with reading() as made:
        asyncio.run(ask(made))


def test_a_write_that_finds_no_memory_stops_searches_and_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    commit = duckdb.TransactionException("TransactionContext Error: Failed to commit: could not allocate block")
    failing: list[Exception] = [duckdb.OutOfMemoryException("full"), commit, MemoryError()]
    stopped = list[bool]()
    transact: Callable[..., Any] = Committer._transact
    monkeypatch.setattr(Readers, "stop_searches", lambda _: stopped.append(True))

    def unlucky(committer: Committer, group: Any) -> Any:
        if failing:
            raise failing.pop()
        return transact(committer, group)

    monkeypatch.setattr(Committer, "_transact", unlucky)

    async def write() -> int:
        storage = stores.open_storage(":memory:")
        await storage.init()
        await storage.batch_create_spans([ended("t", "s")])
        count = await storage.count_spans(ALWAYS)
        await storage.close()
        return count

    assert asyncio.run(write()) == 1
    assert stopped == [True, True, True]


def test_rows_are_counted_when_they_take_noticeable_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_NOTICEABLE", -1)
    rows = Sql("SELECT repeat('x', 1000), 1 FROM range(100)")
    with duckdb.connect() as connection:
        assert len(fetch(connection, rows)) == 100
        with room_for_request(50_000), pytest.raises(ResourceExhausted, match="larger than 50,000 bytes"):
            fetch(connection, rows)
        with room_for_request(100_000):
            assert len(fetch(connection, rows)) == 100


def test_what_is_put_into_an_answer_is_counted() -> None:
    take_room(10**9)  # outside of requests nothing is
    with room_for_request(10):
        take_room(10)
        with pytest.raises(ResourceExhausted):
            take_room(1)


def test_a_process_near_the_end_of_its_memory_refuses_large_requests(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert Memory().used() > 1_000_000
    limit = tmp_path / "memory.max"
    limit.write_text("1000000")
    monkeypatch.setattr(room, "_CGROUP", limit)
    with pytest.raises(ResourceExhausted, match="low on memory"):
        Memory().used()
    limit.write_text("max")
    assert Memory().used()


@pytest.mark.parametrize(
    ("where", "searches"),
    [
        (ALWAYS, False),
        (Compare("name", Op.EQ, "a"), False),
        (Compare("name", Op.CONTAINS, "a"), True),
        (Compare(Attribute(Level.SPAN, "/a", Kind.TEXT), Op.EQ, "a"), True),
        (AllOf((Compare("name", Op.EQ, "a"), Not(Search("a")))), True),
        (AnyOf((Compare("name", Op.EQ, "a"), Not(Compare("name", Op.IN, ("a",))))), False),
        (HasSpan(ALWAYS), True),
    ],
)
def test_what_looks_into_much_is_a_search(where: Condition, searches: bool) -> None:  # noqa: FBT001 - pytest gives it
    assert is_search(where) == searches
