"""The write-ahead log is moved into the file when nothing is written, and nothing is lost where it cannot be."""

import time
from asyncio import Runner
from pathlib import Path

import duckdb
import pytest

from spanwell.observability.derivation.merge import SpanUpdate
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.duckdb.files.database import Database
from spanwell.storage.duckdb.writing import checkpoints, writer
from tests.making import span
from tests.timing import awaited


def test_in_a_lull_a_long_log_is_moved_into_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "_LONG_LOG", 100_000)
    path, log = tmp_path / "spans.duckdb", tmp_path / "spans.duckdb.wal"
    storage = DuckDBStorage(str(path))
    with Runner() as runner:
        runner.run(storage.init())
        runner.run(storage.batch_create_spans([span("t", "short")]))
        time.sleep(4 * writer._LULL)
        assert log.exists()
        runner.run(storage.batch_create_spans([span("u", str(number), name="n" * 100) for number in range(1_000)]))
        awaited(lambda: not log.exists())
        assert runner.run(storage.count_spans(ALWAYS)) == 1_001
        runner.run(storage.close())


def test_a_log_that_cannot_be_moved_stays_and_writing_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> bool:
        raise duckdb.IOException("Could not write file /secret/path")

    monkeypatch.setattr(checkpoints, "_LONG_LOG", 0)
    storage = DuckDBStorage(str(tmp_path / "spans.duckdb"))
    with Runner() as runner, monkeypatch.context() as broken:
        runner.run(storage.init())
        broken.setattr(Database, "checkpoint", refuse)
        runner.run(storage.batch_create_spans([span("t", "a")]))
        awaited(lambda: "could not be moved into the file: IOException" in caplog.text)
        runner.run(storage.batch_create_spans([span("t", "b")]))
        assert runner.run(storage.count_spans(ALWAYS)) == 2
        broken.undo()
        runner.run(storage.close())


def test_a_log_that_a_query_keeps_in_place_is_moved_as_soon_as_the_query_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    storage = DuckDBStorage(str(tmp_path / "spans.duckdb"))
    with Runner() as runner:
        runner.run(storage.init())
        runner.run(storage.batch_create_spans([span("t", "a")]))
        reader = storage._database.cursor()
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM spans").fetchall()
        monkeypatch.setattr(checkpoints, "_LONG_LOG", 0)
        runner.run(storage.batch_update_spans([SpanUpdate("t", "a", {"name": "other"})]))
        awaited(lambda: "once an open query has ended" in caplog.text)
        runner.run(storage.batch_create_spans([span("t", "b")]))
        time.sleep(3 * checkpoints._SHORT_PATIENCE)
        assert storage._database.log_size() > 0
        reader.execute("ROLLBACK")
        reader.close()
        awaited(lambda: storage._database.log_size() == 0)
        assert caplog.text.count("once an open query has ended") == 1
        assert "could not" not in caplog.text
        assert runner.run(storage.count_spans(ALWAYS)) == 2
        runner.run(storage.close())
