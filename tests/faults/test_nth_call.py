"""Whichever call to DuckDB fails: what was asked for is done or not done, and the store goes on."""

from asyncio import Runner
from collections.abc import Generator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from spanwell.storage.duckdb.tables.connection import MEMORY
from spanwell.storage.duckdb.writing import committing
from spanwell.storage.duckdb.writing.committing import Committer

from .nth_call import Store, faults_of, faults_of_opening


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Generator[Runner]:
    monkeypatch.setattr(committing, "_PAUSES", (0.0,))
    with Runner() as runner:
        yield runner


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("create", duckdb.IOException),
        ("merge", duckdb.TransactionException),
        ("update", duckdb.OutOfMemoryException),
        ("delete", duckdb.IOException),
        ("score", MemoryError),
        ("trace", duckdb.IOException),
        ("blocks", duckdb.OutOfMemoryException),
        ("related", MemoryError),
    ],
)
def test_an_operation_whose_nth_call_fails_is_done_as_a_whole_or_not_at_all(
    name: str, error: type[Exception], runner: Runner
) -> None:
    calls, wrong = faults_of(name, error, lambda: Store(runner, MEMORY).fill())
    assert wrong == []
    assert calls > 2


def test_a_database_that_is_given_up_at_any_call_is_opened_again(runner: Runner, tmp_path: Path) -> None:
    files = (str(tmp_path / f"{number}.duckdb") for number in range(99))
    assert faults_of("update", duckdb.FatalException, lambda: Store(runner, next(files)).fill())[1] == []


def test_a_store_that_could_not_be_opened_is_as_it_was(runner: Runner, tmp_path: Path) -> None:
    calls, wrong = faults_of_opening(runner, tmp_path / "spans.duckdb", MemoryError)
    assert wrong == []
    assert calls > 5


def test_a_writer_that_keeps_half_of_what_failed_is_caught(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def keep(_: Committer, cursor: Any) -> None:
        cursor.commit()

    monkeypatch.setattr(Committer, "_roll_back", keep)
    _, wrong = faults_of("delete", duckdb.IOException, lambda: Store(runner, MEMORY).fill())
    assert any("half done" in what for what in wrong)
