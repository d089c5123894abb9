"""A file keeps scores and feedback, whatever becomes of it."""

import asyncio
from pathlib import Path

import duckdb
import pytest

from spanwell.observability.model.assessments import (
    Feedback,
)
from spanwell.observability.model.columns import Json
from spanwell.observability.questions.conditions import (
    ALWAYS,
)
from spanwell.storage.duckdb import DuckDBStorage
from spanwell.storage.duckdb.upkeep import compaction
from tests.making import ended
from tests.storage.test_files import columns_of, opened
from tests.storage.writing.test_assessments import FEEDBACK, SCORE, everything, score


def test_a_file_of_version_9_is_brought_forward(tmp_path: Path) -> None:
    old, new = tmp_path / "old.duckdb", tmp_path / "new.duckdb"
    for path in (old, new):
        with opened(path) as (runner, storage):
            runner.run(storage.batch_create_spans([ended("t", "a")]))
    with duckdb.connect(str(old)) as file:
        for table in ("scores", "feedback"):
            file.execute(f"DROP TABLE {table}")
        file.execute("UPDATE spanwell_schema SET version = 9")
    with opened(old) as (runner, storage):
        assert runner.run(storage.count_spans(ALWAYS)) == 1
        runner.run(storage.batch_create_assessments(SCORE, [score("1")]))
    assert columns_of(old) == columns_of(new)
    with opened(old) as (runner, storage):
        assert runner.run(storage.count_assessments(SCORE, ALWAYS)) == 1


def test_the_moments_of_writes_go_on_from_the_last_score_after_the_file_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "spans.duckdb"
    for now, record_id in ((2_000, "1"), (1_000, "2")):
        storage = DuckDBStorage(str(path), clock=lambda now=now: now)  # type: ignore[misc] # the default binds it
        asyncio.run(_one_write(storage, record_id))
    with opened(path) as (runner, again):
        first, second = runner.run(again.get_assessments(SCORE, ["1", "2"]))
        assert first is not None
        assert second is not None
        assert second.updated_at > first.updated_at


async def _one_write(storage: DuckDBStorage, record_id: str) -> None:
    await storage.init()
    await storage.batch_create_assessments(SCORE, [score(record_id)])
    await storage.close()


def test_a_backup_and_a_rewritten_file_hold_all_scores_and_feedback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "_WORTH", 100_000)
    path, copy = tmp_path / "spans.duckdb", tmp_path / "copy.duckdb"
    spans = [ended(f"t{number}", "a", input=Json(f'"{number * 7919:0400d}"')) for number in range(4_000)]
    with opened(path) as (runner, storage):
        runner.run(storage.batch_create_assessments(SCORE, [score(str(n), value=n / 10) for n in range(500)]))
        runner.run(storage.batch_create_assessments(FEEDBACK, [Feedback(feedback_id="f", name="n", session_id="s")]))
        runner.run(storage.batch_create_spans(spans))
        before = runner.run(storage.list_assessments(everything(SCORE)))
        runner.run(storage.backup(copy))
        runner.run(storage.batch_delete_traces([span.trace_id for span in spans[100:]]))
        runner.run(storage.reclaim())
        assert isinstance(storage, DuckDBStorage)
        assert storage._database.generation == 2
    for kept in (path, copy):
        with opened(kept) as (runner, storage):
            assert runner.run(storage.list_assessments(everything(SCORE))) == before
            assert runner.run(storage.count_assessments(FEEDBACK, ALWAYS)) == 1


def test_what_is_said_while_the_file_is_rewritten_is_in_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "_WORTH", 100_000)
    expected: dict[str, float] = {}
    spans = [ended(f"t{number}", "a", input=Json(f'"{number * 7919:0400d}"')) for number in range(4_000)]

    async def write(storage: DuckDBStorage, reclaiming: "asyncio.Task[None]") -> None:
        number = 0
        while not reclaiming.done():
            number += 1
            await storage.batch_create_assessments(SCORE, [score(str(number), value=1.0), score("same", value=number)])
            expected.update({str(number): 1.0, "same": float(number)})
            if number % 3 == 0:
                await storage.batch_delete_assessments(SCORE, [str(number - 1)])
                del expected[str(number - 1)]

    async def run() -> None:
        storage = DuckDBStorage(str(tmp_path / "spans.duckdb"))
        await storage.init()
        await storage.batch_create_spans(spans)
        await storage.batch_delete_traces([span.trace_id for span in spans[100:]])
        await storage._writer.between(storage._writer.checkpoint)
        await write(storage, asyncio.create_task(storage.reclaim()))
        found = (await storage.list_assessments(everything(SCORE))).nodes
        assert {SCORE.id_of(each): each.value for each in found} == expected
        assert storage._database.generation == 2
        await storage.close()

    asyncio.run(run())
