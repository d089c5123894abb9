"""The keys of attributes are learnt as spans are written, and kept in the file."""

from asyncio import Runner
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest

from spanwell.observability.model.errors import StorageUnavailable
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.questions.discovery import FieldsQuery, Reach
from spanwell.storage.duckdb import DuckDBStorage, learning
from spanwell.storage.duckdb.reading.discovering import fields, known_keys
from tests.making import ended
from tests.storage.test_files import opened
from tests.strategies import json_text


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Learn at once, from all but the newest spans alone."""
    monkeypatch.setattr(learning, "_EVERY", 0)
    monkeypatch.setattr(fields, "SAMPLE", 0)


_NUMBERS = count()


async def write(storage: Any, *keys: str) -> None:
    """Write a trace for each key, and wait until it is learnt."""
    for key in keys:
        await storage.batch_create_spans([ended(f"t{next(_NUMBERS)}", "s", attributes=json_text({key: 1}))])
    await learnt(storage)


async def learnt(storage: Any) -> None:
    await storage._learning._task


def kept(path: Path) -> tuple[set[str], int]:
    """Return the keys that are kept in a file, and in how many rows it is told how far they go."""
    with duckdb.connect(str(path), read_only=True) as file:
        keys = {key for (key,) in file.execute("SELECT key FROM span_keys").fetchall()}
        ((rows,),) = file.execute("SELECT count(*) FROM span_keys_known WHERE until > '2000-01-01'").fetchall()
    return keys, rows


def known(runner: Runner, storage: Any) -> set[str]:
    return {each.key for each in runner.run(storage.look_for_fields(FieldsQuery(ALWAYS, Reach.KNOWN))).keys}


def test_keys_are_kept_and_known_at_the_next_start_without_a_look_at_the_spans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "spans.duckdb"
    with opened(path) as (runner, storage):
        runner.run(write(storage, "a", "b"))
        runner.run(write(storage, "c"))
    assert kept(path) == ({"a", "b", "c"}, 1)
    monkeypatch.setattr(known_keys, "read_keys", lambda *_: pytest.fail("The spans were looked at again."))
    with opened(path) as (runner, storage):
        assert known(runner, storage) == {"a", "b", "c"}


def test_no_write_follows_where_no_key_is_new_until_many_spans_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path / "spans.duckdb") as (runner, storage):
        runner.run(write(storage, "a"))
        monkeypatch.setattr(learning, "keep", kept_again)
        runner.run(write(storage, "a", "a"))
        monkeypatch.setattr(known_keys, "_WORTH_KEEPING", 1)
        with pytest.raises(AssertionError, match="kept again"):
            runner.run(write(storage, "a"))


def kept_again(*_: object) -> None:
    raise AssertionError("The keys were kept again.")


def test_a_cleared_store_keeps_no_keys(tmp_path: Path) -> None:
    path = tmp_path / "spans.duckdb"
    with opened(path) as (runner, storage):
        runner.run(write(storage, "a"))
        runner.run(storage.dangerously_clear_all())
    assert kept(path) == (set(), 0)


def test_what_was_learnt_before_a_new_file_is_not_told_of_that_file(tmp_path: Path) -> None:
    path = tmp_path / "spans.duckdb"
    with opened(path) as (runner, storage):
        runner.run(write(storage, "a"))
        runner.run(empty_tables(storage))
        runner.run(write(storage, "b"))
    assert kept(path) == ({"b"}, 0)
    with opened(path) as (runner, storage):
        assert known(runner, storage) == {"a", "b"}


async def empty_tables(storage: Any) -> None:
    await storage._writer.between(lambda: known_keys.forget_kept(storage._database.cursor()))


def test_where_learning_fails_the_next_write_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StorageUnavailable("The store failed.")

    storage = DuckDBStorage()
    with Runner() as runner:
        runner.run(storage.init())
        with monkeypatch.context() as broken:
            broken.setattr(known_keys, "read_keys", fail)
            runner.run(write(storage, "a"))
        runner.run(write(storage, "b"))
        assert known(runner, storage) == {"a", "b"}
        runner.run(storage.close())


def test_a_store_closes_in_another_event_loop_than_it_was_written_in() -> None:
    storage = DuckDBStorage()
    with Runner() as one:
        one.run(storage.init())
        one.run(storage.batch_create_spans([ended("t", "s")]))
    with Runner() as another:
        another.run(storage.close())
