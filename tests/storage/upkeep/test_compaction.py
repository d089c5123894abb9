"""A store that is much larger than what it holds is written into a new file while reads and writes go on."""

import asyncio
import random
import time
from asyncio import Runner
from collections.abc import Generator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from spanwell.observability.backups import Backups
from spanwell.observability.model.columns import Json
from spanwell.observability.model.errors import Forbidden, StorageUnavailable
from spanwell.observability.model.span import Span
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.service import Observability
from spanwell.observability.storage import ObservabilityStorage
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.duckdb.upkeep import compaction
from spanwell.storage.duckdb.upkeep.checking import check_store
from spanwell.storage.duckdb.upkeep.compaction import Compaction
from spanwell.storage.reference.storage import MemoryStorage
from tests.making import ended
from tests.running import serving, spanwell
from tests.storage.test_files import columns_of, opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spans.duckdb"


@pytest.fixture
def wasteful(path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[tuple[Runner, DuckDBStorage]]:
    """Open a store of which nine tenths were deleted."""
    monkeypatch.setattr(compaction, "_WORTH", 100_000)
    monkeypatch.setattr(compaction, "_ROWS", 1_000)
    storage = DuckDBStorage(str(path))
    with Runner() as runner:
        runner.run(storage.init())
        for batch in range(10):
            runner.run(storage.batch_create_spans([heavy(f"t{batch}-{i % 50}", str(i)) for i in range(500)]))
        runner.run(storage.batch_delete_traces([f"t{batch}-{i}" for batch in range(9) for i in range(50)]))
        yield runner, storage
        runner.run(storage.close())


def heavy(trace_id: str, span_id: str) -> Span:
    return ended(trace_id, span_id, input=Json(f'"{random.randbytes(500).hex()}"'))


def test_the_file_shrinks_and_nothing_that_is_written_meanwhile_is_lost(
    wasteful: tuple[Runner, DuckDBStorage], path: Path
) -> None:
    runner, storage = wasteful
    made = 0
    done = False

    async def write() -> None:
        nonlocal made
        while not done:
            await storage.batch_create_spans([heavy(f"new{made}", "a"), heavy(f"new{made}", "b")])
            if made % 3 == 2:
                await storage.batch_delete_traces([f"new{made}"])
            made += 1

    async def read() -> None:
        while not done:
            assert await storage.count_spans(ALWAYS) >= 500

    async def all_at_once() -> None:
        nonlocal done
        others = asyncio.gather(write(), read())
        await storage.reclaim()
        done = True
        await others

    runner.run(storage._writer.between(storage._writer.checkpoint))
    before = path.stat().st_size
    runner.run(all_at_once())
    assert path.stat().st_size < before / 1.3
    assert runner.run(storage.count_traces(ALWAYS)) == 50 + made - made // 3
    assert runner.run(storage.batch_create_spans([ended("last", "a")])).created_count == 1
    assert storage._database.generation == 2
    held = Path("/proc/self/fd")  # where there is one
    files = [str(each.readlink()) for each in [*held.glob("*")] if each.is_symlink()]
    assert not [file for file in files if file.startswith(str(path)) and "deleted" in file]


def test_a_new_file_has_all_that_the_old_one_had(
    wasteful: tuple[Runner, DuckDBStorage], path: Path, tmp_path: Path
) -> None:
    runner, storage = wasteful
    runner.run(storage.reclaim())
    runner.run(storage.close())
    with opened(tmp_path / "new.duckdb"):
        pass
    assert columns_of(path) == columns_of(tmp_path / "new.duckdb")
    assert check_store(str(path)).problems == []
    with duckdb.connect(str(path)) as file:
        assert len(file.execute("SELECT * FROM mastra_ai_spans").fetchall()) == 500
    runner.run(storage.init())
    assert runner.run(storage.count_spans(ALWAYS)) == 500


def test_a_store_that_is_emptied_meanwhile_stays_in_its_file(
    wasteful: tuple[Runner, DuckDBStorage], path: Path
) -> None:
    runner, storage = wasteful
    copy = Compaction(storage._database)
    copy.copy()
    runner.run(storage.dangerously_clear_all())
    with pytest.raises(StorageUnavailable, match="was emptied"):
        runner.run(storage._writer.between(lambda: copy.finish(storage._writer.checkpoint)))
    copy.end()
    assert {file.name for file in path.parent.iterdir()} <= {"spans.duckdb", "spans.duckdb.wal", "spans.duckdb.mark"}
    assert runner.run(storage.count_spans(ALWAYS)) == 0
    with pytest.raises(StorageUnavailable, match="its log is in use"):
        copy.finish(lambda: False)


def test_a_small_store_stays_in_its_file_and_what_a_dead_process_left_is_removed(path: Path) -> None:
    left = path.with_name("spans.duckdb.compact")
    left.write_bytes(b"half")
    with opened(path) as (runner, storage):
        assert not left.exists()
        runner.run(storage.batch_create_spans([ended("t", "a")]))
        runner.run(storage.reclaim())
        assert isinstance(storage, DuckDBStorage)
        assert storage._database.generation == 1


def test_a_store_in_memory_has_nothing_to_give_back() -> None:
    storage = DuckDBStorage()
    with Runner() as runner:
        runner.run(storage.init())
        runner.run(storage.reclaim())
        assert runner.run(storage.get_size()).total == 0
        runner.run(storage.close())


def test_commands_prune_and_compact_a_store(path: Path) -> None:
    with opened(path) as (runner, storage):
        runner.run(storage.batch_create_spans([ended("old", "a"), ended("old", "b")]))
    planned = spanwell("prune", "--dry-run", "--retain", "1d,userId=u:2d", "--db", str(path))
    assert planned.stdout.splitlines()[0] == "userId=u:2d: would delete 0 traces of 0 spans"
    assert planned.stdout.splitlines()[1] == "1d: would delete 1 traces of 2 spans"
    assert spanwell("prune", "--retain", "1d", "--db", str(path)).stdout.startswith("Deleted 1 traces of 2 spans; ")
    assert spanwell("compact", "--db", str(path)).stdout.endswith("bytes; all in use.\n")
    refused = spanwell("serve", "--port", "0", "--retain", "soon", "--db", str(path))
    assert (refused.returncode, "is not an age such as" in refused.stderr) == (2, True)


def test_a_server_keeps_to_what_it_says_is_kept(path: Path) -> None:
    with serving("--db", str(path), "--retain", "1d", "--max-db-size", "1GB", "--upkeep-interval", "0.1") as server:
        assert "  kept: 1d, up to 1.1 GB, then the oldest are deleted" in server.greeting
        span = (
            '{traceId: "t", spanId: "a", name: "n", startedAt: "2020-01-01T00:00:00Z", endedAt: "2020-01-01T00:00:01Z"}'
        )
        assert "errors" not in server.ask(f"mutation {{ createSpan(span: {span}) {{ createdCount }} }}")
        until, answer = time.monotonic() + 10, dict[str, Any]()
        while time.monotonic() < until:
            answer = server.ask("{ traces { totalCount } storage { bytes used free oldest newest } }")["data"]
            if not answer["traces"]["totalCount"] and answer["storage"]["oldest"] is None:
                break
        assert answer["traces"]["totalCount"] == 0
        assert answer["storage"]["oldest"] is None
        assert answer["storage"]["free"] > answer["storage"]["bytes"] >= answer["storage"]["used"] > 0


def test_a_server_backs_its_store_up_when_it_is_time_or_somebody_asks(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    kept = ("--backup-dir", str(folder), "--backup-keep", "2", "--backup-hours", "0.0002")
    made: dict[str, Any] = {}
    with serving("--db", str(path), *kept) as server:
        for _ in range(3):
            made = server.ask("mutation { backup { name bytes } }")["data"]["backup"]
        until, found = time.monotonic() + 20, list[str]()
        while time.monotonic() < until and (len(found) != 2 or found[-1] <= made["name"]):
            time.sleep(0.05)
            found = sorted(file.name for file in folder.glob("*.duckdb"))
    assert made["bytes"] > 0
    assert len(found) == 2
    assert found[-1] > made["name"]
    found = sorted(file.name for file in folder.glob("*.duckdb"))
    assert check_store(str(folder / found[-1])).spans == 0


def test_without_a_folder_or_a_file_there_is_no_backup(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def ask(storage: ObservabilityStorage) -> None:
        with pytest.raises(Forbidden, match="no backup folder"):
            await Observability(storage).backup()
        with pytest.raises(StorageUnavailable, match="in memory"):
            await Observability(storage, backups=Backups(storage, tmp_path, 1)).backup()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(Backups(storage, tmp_path, 1).run(0.001), 0.05)

    for storage in (DuckDBStorage(), MemoryStorage()):
        with Runner() as runner:
            runner.run(storage.init())
            runner.run(ask(storage))
            runner.run(storage.close())
    assert "Backup failed: A store in memory has no backups." in caplog.text
