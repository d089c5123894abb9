"""Copies, checks and restores of a store: whatever is written meanwhile, a copy is a prefix of it without halves."""

import os
import shutil
import threading
import time
from asyncio import Runner
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from spanwell.observability.model.errors import StorageUnavailable
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.duckdb.files import holding
from spanwell.storage.duckdb.files.log import entries, log_path
from spanwell.storage.duckdb.upkeep import copying
from spanwell.storage.duckdb.upkeep.checking import check_store
from spanwell.storage.duckdb.upkeep.copying import copy_store
from spanwell.storage.duckdb.upkeep.restoring import restore, salvage
from tests.making import ended
from tests.running import serving, spanwell
from tests.storage.test_files import opened

from .test_damaged_logs import flipped, killed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spans.duckdb"


def filled(path: Path, traces: int = 3) -> Path:
    with opened(path) as (runner, storage):
        for number in range(traces):
            runner.run(storage.batch_create_spans([ended(f"t{number}", "a"), ended(f"t{number}", "b", "a")]))
    return path


def test_copies_made_while_spans_are_written_hold_whole_batches(path: Path, tmp_path: Path) -> None:
    storage = DuckDBStorage(str(path))
    done = threading.Event()
    sizes: list[int] = []

    def copy() -> None:
        for number in range(5):
            copy_store(str(path), tmp_path / f"copy{number}", storage._database.descriptor)
            checked = check_store(str(tmp_path / f"copy{number}"))
            assert (checked.problems, checked.spans % 10) == ([], 0)
            sizes.append(checked.spans)
        done.set()

    with Runner() as runner:
        runner.run(storage.init())
        copying_thread = threading.Thread(target=copy)
        copying_thread.start()
        number = 0
        while not done.is_set() and copying_thread.is_alive():
            runner.run(storage.batch_create_spans([ended(f"t{number}", str(span)) for span in range(10)]))
            runner.run(storage._writer.between(storage._writer.checkpoint))  # its thread may be placing spans
            number += 1
        copying_thread.join()
        runner.run(storage.close())
    assert len(sizes) == 5
    assert sizes == sorted(sizes)
    assert not list(tmp_path.glob("*.copying"))


def test_a_checkpoint_that_ends_while_the_log_is_copied_fails_no_copy(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, storage = shutil.copyfile, DuckDBStorage(str(filled(path)))

    def copyfile(source: Path, target: Path) -> None:
        storage._database.cursor().execute("CHECKPOINT")
        real(source, target)

    with Runner() as runner:
        runner.run(storage.init())
        runner.run(storage.batch_create_spans([ended("new", "a")]))
        monkeypatch.setattr(shutil, "copyfile", copyfile)
        copy_store(str(path), tmp_path / "copy", storage._database.descriptor)
        runner.run(storage.close())
    assert check_store(str(tmp_path / "copy")).spans == 7


def test_a_store_is_copied_beside_the_server_that_has_it_open(path: Path, tmp_path: Path) -> None:
    with serving("--db", str(path)) as server:
        span = '{traceId: "t", spanId: "a", name: "n", startedAt: "2026-01-01T00:00:00Z"}'
        assert server.ask(f"mutation {{ createSpan(span: {span}) {{ createdCount }} }}") == {
            "data": {"createSpan": {"createdCount": 1}}
        }
        made = spanwell("backup", str(tmp_path), "--db", str(path))
        assert made.returncode == 0, made.stderr
        (copy,) = tmp_path.glob("spans-*.duckdb")
        assert "1 traces, 1 spans" in spanwell("check", str(copy)).stdout
        refused = spanwell("restore", str(copy), "--db", str(path))
        assert (refused.returncode, "is in use by another process" in refused.stderr) == (2, True)
        assert server.stop()[0] == 0
    restored = spanwell("restore", str(copy), "--db", str(path))
    assert restored.returncode == 0, restored.stderr
    assert len(list(tmp_path.glob("spans.duckdb.replaced-*"))) == 1
    assert "is intact" in spanwell("check", "--db", str(path)).stdout


def test_no_checkpoint_is_made_while_a_store_is_copied(path: Path) -> None:
    storage = DuckDBStorage(str(path))
    with Runner() as runner:
        runner.run(storage.init())
        holding.hold_path(path).touch()
        assert not storage._database.checkpoint(storage._database.cursor())
        long_ago = time.time() - 60
        os.utime(holding.hold_path(path), (long_ago, long_ago))
        assert storage._database.checkpoint(storage._database.cursor())
        runner.run(storage.close())


def test_whoever_copies_for_long_asks_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "BEAT", 0.01)
    with copying._no_checkpoints(str(path)):
        holding.hold_path(path).unlink()
        until = time.monotonic() + 5
        while not holding.is_held(path):
            assert time.monotonic() < until
    assert not holding.is_held(path)


def test_a_copy_that_cannot_be_made_leaves_nothing(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path)
    there = tmp_path / "there"
    there.touch()
    with pytest.raises(StorageUnavailable, match="is there already"):
        copy_store(str(path), there)
    with pytest.raises(StorageUnavailable, match="could not be written"):
        copy_store(str(path), tmp_path / "nowhere" / "copy")
    with monkeypatch.context() as small:
        small.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
        with pytest.raises(StorageUnavailable, match="There is no room for"):
            copy_store(str(path), tmp_path / "copy")
    with monkeypatch.context() as busy:
        numbers = iter(range(100))
        busy.setattr(copying, "iteration", lambda _: next(numbers))
        with pytest.raises(StorageUnavailable, match="being changed faster"):
            copy_store(str(path), tmp_path / "copy")
    assert {file.name for file in tmp_path.iterdir()} == {"spans.duckdb", "there"}


def test_a_backup_takes_the_place_of_a_damaged_store(path: Path, tmp_path: Path) -> None:
    copy_store(str(filled(path)), tmp_path / "copy")
    path.write_bytes(b"damaged")
    assert restore(tmp_path / "copy", path).spans == 6
    with opened(path) as (runner, storage):
        assert runner.run(storage.count_spans(ALWAYS)) == 6
    with pytest.raises(StorageUnavailable, match="There is no backup"):
        restore(tmp_path / "nothing", path)


@pytest.mark.parametrize(("place", "kept"), [(2, 61), (-3, 58)])
def test_what_can_be_read_of_a_damaged_log_is_kept(path: Path, place: int, kept: int) -> None:
    killed(path)
    ends = entries(log_path(path))
    if place < 0:
        flipped(log_path(path), ends[place] - 5, 0)
    else:
        with log_path(path).open("ab") as log:
            log.write(bytes(100))
    assert salvage(path).spans <= kept
    checked = check_store(str(path))
    assert checked.problems == []
    assert (checked.spans - 1) % 3 == 0
    assert checked.spans > 40


def test_of_a_store_without_its_database_nothing_can_be_saved(path: Path) -> None:
    killed(path)
    path.rename(path.with_suffix(".away"))
    with pytest.raises(StorageUnavailable, match="nothing can be saved without it"):
        salvage(path)
    path.write_bytes(b"not a database, but rather long text" * 1000)
    with pytest.raises(StorageUnavailable, match="Nothing can be read"):
        salvage(path)


def test_a_check_says_what_does_not_fit_together(path: Path, tmp_path: Path) -> None:
    filled(path)
    assert "3 traces, 6 spans" in spanwell("check", "--db", str(path)).stdout
    with duckdb.connect(str(path)) as file:
        file.execute("DELETE FROM spans WHERE trace_id = 't1' AND span_id = 'b'")
        file.execute("INSERT INTO spans SELECT * FROM spans WHERE trace_id = 't2' AND span_id = 'b'")
        file.execute("UPDATE traces SET head_name = 'older' WHERE trace_id = 't1'")
    assert check_store(str(path)).problems == [
        "2 traces whose spans are not as many as they say",
        "1 spans that are there twice",
        "1 traces that differ from their root span",
    ]
    said = spanwell("check", "--db", str(path))
    assert (said.returncode, "1 spans that are there twice" in said.stderr) == (2, True)
    with duckdb.connect(str(tmp_path / "other")) as file:
        file.execute("CREATE TABLE t (x INTEGER)")
    with pytest.raises(StorageUnavailable, match="not made by Spanwell"):
        check_store(str(tmp_path / "other"))
    for nothing in ("nothing", "nothing.duckdb"):
        assert "does not exist" in spanwell("check", "--db", str(tmp_path / nothing)).stderr
    with pytest.raises(StorageUnavailable, match="is a folder"):
        check_store(str(tmp_path))


def test_commands_that_lack_something_say_what(path: Path, tmp_path: Path) -> None:
    assert "does not exist" in spanwell("backup", str(tmp_path), "--db", str(path)).stderr
    assert "Specify a backup to restore" in spanwell("restore", "--db", str(path)).stderr
    killed(path)
    log_path(path).unlink()
    said = spanwell("check", "--db", str(path))
    assert (said.returncode, "is missing" in said.stderr) == (2, True)
    kept = spanwell("restore", "--salvage", "--db", str(path))
    assert (kept.returncode, "1 traces, 1 spans" in kept.stdout) == (0, True)
    assert check_store(str(path)).spans == 1
