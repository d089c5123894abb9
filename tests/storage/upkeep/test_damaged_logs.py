"""A log that is not what was acknowledged is noticed, and left alone."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from spanwell.observability.questions.conditions import ALWAYS
from spanwell.storage.duckdb.files import mark
from spanwell.storage.duckdb.files.log import entries, log_path
from spanwell.storage.duckdb.files.mark import mark_path, read_mark
from tests.making import ended
from tests.storage.test_files import opened, refusal


def killed(path: Path, batches: int = 20, name: str = "t") -> Path:
    """Make a store whose process died with so many batches of three spans in the log."""
    program = f"""
import asyncio, os
from spanwell.storage import open_storage
from tests.making import ended
async def main():
    storage = open_storage({str(path)!r})
    await storage.init()
    await storage.batch_create_spans([ended("first {name}", "a")])
    storage._database.checkpoint(storage._database.cursor())
    for batch in range({batches}):
        await storage.batch_create_spans([ended(f"{name}{{batch}}", str(i)) for i in range(3)])
    os.kill(os.getpid(), 9)
asyncio.run(main())
"""
    died = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert died.returncode == -9, died.stderr
    return path


@pytest.fixture(scope="module")
def dead(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return killed(tmp_path_factory.mktemp("dead") / "spans.duckdb")


@pytest.fixture
def copy(dead: Path, tmp_path: Path) -> Path:
    """Return a copy of a store with twenty acknowledged batches in its log."""
    for file in dead.parent.iterdir():
        shutil.copy(file, tmp_path)
    return tmp_path / dead.name


def flipped(path: Path, place: int, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1 << bit
    path.write_bytes(content)


def cut(log: Path) -> None:
    os.truncate(log, log.stat().st_size - 1)


def foreign(log: Path) -> None:
    log.write_bytes(bytes(range(256)) * (log.stat().st_size // 256 + 1))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (Path.unlink, "is missing"),
        (lambda log: log.write_bytes(b""), "is missing"),
        (cut, "was cut to"),
        (foreign, "is damaged"),
        (lambda log: flipped(log, 1, 3), "is damaged"),
        (lambda log: flipped(log, entries(log)[9] + 4, 1), "is damaged"),
    ],
)
def test_a_log_that_is_not_what_was_acknowledged_is_refused_and_left_alone(
    copy: Path, harm: Callable[[Path], object], said: str
) -> None:
    harm(log_path(copy))
    before = {file.name: file.read_bytes() for file in copy.parent.iterdir()}
    sentence = refusal(copy)
    assert said in sentence
    assert "some of the last 20 acknowledged writes cannot be read. Nothing was changed." in sentence
    assert {file.name: file.read_bytes() for file in copy.parent.iterdir()} == before


def test_a_log_without_its_mark_that_duckdb_would_throw_away_is_left_alone(copy: Path) -> None:
    mark_path(copy).unlink()
    flipped(log_path(copy), 0, 0)
    before = log_path(copy).read_bytes()
    assert "is damaged, or of another database" in refusal(copy)
    assert log_path(copy).read_bytes() == before


def test_a_mark_that_cannot_be_read_keeps_nobody_from_what_is_there(copy: Path) -> None:
    flipped(mark_path(copy), 20, 0)
    with opened(copy) as (runner, storage):
        assert runner.run(storage.count_spans(ALWAYS)) == 61


def test_an_older_file_beside_a_newer_log_is_refused(copy: Path) -> None:
    older = copy.read_bytes()
    with opened(copy) as (runner, storage):
        runner.run(storage.batch_create_spans([ended("later", "a")]))
    killed(copy, 1, "later")
    copy.write_bytes(older)
    assert "is older than the write-ahead log beside it" in refusal(copy)


def test_another_database_beside_a_log_is_refused(copy: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with opened(other / "spans.duckdb"):
        pass
    shutil.copy(other / "spans.duckdb", copy)
    assert "is not the database that" in refusal(copy)


def test_a_log_that_is_whole_is_read_and_its_mark_goes_when_the_file_has_everything(copy: Path) -> None:
    mark = read_mark(copy)
    assert mark is not None
    assert (mark.writes, mark.length) == (20, log_path(copy).stat().st_size)
    with opened(copy) as (runner, storage):
        assert runner.run(storage.count_spans(ALWAYS)) == 61
        runner.run(storage.batch_create_spans([ended("more", "a")]))
        after = read_mark(copy)
        assert after is not None
        assert after.writes == 21
    assert not mark_path(copy).exists()


def test_a_log_that_a_checkpoint_made_needless_is_not_missed(copy: Path) -> None:
    kept = mark_path(copy).read_bytes()
    with opened(copy):
        pass
    mark_path(copy).write_bytes(kept)
    with opened(copy) as (runner, storage):
        assert runner.run(storage.count_spans(ALWAYS)) == 61


@pytest.mark.parametrize("looks", ["size_of", "head_of", "is_whole"])
def test_a_log_that_a_checkpoint_of_another_process_removes_meanwhile_is_not_missed(
    looks: str, dead: Path, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark is older than the checkpoint for a moment, in which somebody may read it twice."""
    with opened(copy):
        pass
    done = copy.read_bytes()
    for file in dead.parent.iterdir():
        shutil.copy(file, tmp_path)
    look = getattr(mark, looks)

    def ended_before(log: Path, *rest: int) -> object:
        log.unlink(missing_ok=True)
        copy.write_bytes(done)
        return look(log, *rest)

    monkeypatch.setattr(mark, looks, ended_before)
    mark.check_log(str(copy))
