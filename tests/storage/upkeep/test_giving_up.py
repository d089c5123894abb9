"""A server that stops does not wait for a copy of its store: what is half made is given up, and leaves nothing."""

import asyncio
from asyncio import Runner
from collections.abc import Awaitable, Generator
from pathlib import Path
from threading import Event

import pytest

from spanwell.observability.model.errors import StorageUnavailable
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.duckdb.upkeep import compaction, copying
from spanwell.storage.duckdb.upkeep.compaction import Compaction
from spanwell.storage.duckdb.upkeep.copying import copy_store
from tests.making import ended


@pytest.fixture
def wasteful(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[tuple[Runner, DuckDBStorage]]:
    """Open a store that is worth a new file, which is written row by row."""
    monkeypatch.setattr(compaction, "_WORTH", -1)
    monkeypatch.setattr(compaction, "_SHARE", -1)
    monkeypatch.setattr(compaction, "_ROWS", 1)
    storage = DuckDBStorage(str(tmp_path / "spans.duckdb"))
    with Runner() as runner:
        runner.run(storage.init())
        for batch in range(3):
            runner.run(storage.batch_create_spans([ended(f"t{batch}", str(span)) for span in range(1_000)]))
        yield runner, storage
        runner.run(storage.close())


async def cancelled(work: Awaitable[object], there: Path) -> None:
    """Give some work up once a file is there, and wait for its end."""
    task = asyncio.ensure_future(work)
    await asyncio.sleep(0)
    while not there.exists():  # noqa: ASYNC110, ASYNC240 - another thread makes it
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_new_file_that_is_half_written_is_given_up(wasteful: tuple[Runner, DuckDBStorage], tmp_path: Path) -> None:
    runner, storage = wasteful
    runner.run(cancelled(storage.reclaim(), tmp_path / "spans.duckdb.compact"))
    assert not (tmp_path / "spans.duckdb.compact").exists()
    assert storage._database.generation == 1
    assert runner.run(storage.count_spans(ALWAYS)) == 3_000


def test_files_that_are_being_swapped_are_swapped(
    wasteful: tuple[Runner, DuckDBStorage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, storage = wasteful
    swapping, swap = Event(), storage._database.swap

    def slow_swap(path: str) -> int:
        (tmp_path / "swapping").touch()
        swapping.wait()
        return swap(path)

    async def give_up() -> None:
        asyncio.get_running_loop().call_later(0.3, swapping.set)
        await cancelled(storage.reclaim(), tmp_path / "swapping")

    monkeypatch.setattr(compaction, "_ROWS", 100_000)
    monkeypatch.setattr(storage._database, "swap", slow_swap)
    runner.run(give_up())
    assert storage._database.generation == 2
    assert runner.run(storage.count_spans(ALWAYS)) == 3_000


def test_a_backup_that_is_half_written_is_given_up(
    wasteful: tuple[Runner, DuckDBStorage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, storage = wasteful
    copy = copying._copy_pieces

    def slow_copy(source: int, target: Path, given_up: Event) -> None:
        target.touch()
        given_up.wait(60)
        copy(source, target, given_up)

    monkeypatch.setattr(copying, "_copy_pieces", slow_copy)
    runner.run(cancelled(storage.backup(tmp_path / "copy"), tmp_path / ".copy.partial"))
    monkeypatch.undo()
    runner.run(storage.backup(tmp_path / "whole"))  # after the other one
    assert [file.name for file in tmp_path.iterdir() if "copy" in file.name] == []


def test_what_is_given_up_says_so(wasteful: tuple[Runner, DuckDBStorage], tmp_path: Path) -> None:
    _, storage = wasteful
    given_up = Event()
    given_up.set()
    with pytest.raises(StorageUnavailable, match="closed before it is copied"):
        copy_store(str(tmp_path / "spans.duckdb"), tmp_path / "copy", storage._database.descriptor, given_up)
    copy = Compaction(storage._database)
    copy.stop()
    with pytest.raises(StorageUnavailable, match="closed before it is written"):
        copy.copy()
    copy.end()
