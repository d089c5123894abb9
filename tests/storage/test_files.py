"""A DuckDB file keeps what was acknowledged, is opened only if it is ours, and is brought forward from any version."""

import gzip
import subprocess
import sys
from asyncio import Runner
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from spanwell.observability.model.columns import Json
from spanwell.observability.model.errors import StorageUnavailable
from spanwell.observability.questions.conditions import ALWAYS, AllOf, Compare, Condition, Op, Related, Relation
from spanwell.observability.questions.queries import SpanQuery, TraceQuery, Window
from spanwell.observability.storage import ObservabilityStorage
from spanwell.storage import open_storage
from spanwell.storage.duckdb import migrations
from tests.making import at, ended

FILES = Path(__file__).parent / "files"


@contextmanager
def opened(path: Path) -> Generator[tuple[Runner, ObservabilityStorage]]:
    storage = open_storage(str(path))
    with Runner() as runner:
        runner.run(storage.init())
        try:
            yield runner, storage
        finally:
            runner.run(storage.close())


def refusal(path: Path | str) -> str:
    """Return the sentence with which a file is refused."""
    storage = open_storage(str(path))
    with Runner() as runner, pytest.raises(StorageUnavailable) as refused:
        runner.run(storage.init())
    return str(refused.value)


def test_what_was_acknowledged_is_there_after_the_file_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "spans.duckdb"
    with opened(path) as (runner, storage):
        runner.run(storage.batch_create_spans([ended("t", "a", tags=["x"], input=Json('{"q":1}'))]))
        before = runner.run(storage.list_spans(SpanQuery(Window(9))))
        traces = runner.run(storage.list_traces(TraceQuery(Window(9))))
    with opened(path) as (runner, storage):
        assert runner.run(storage.list_spans(SpanQuery(Window(9)))) == before
        assert runner.run(storage.list_traces(TraceQuery(Window(9)))) == traces


def test_what_was_acknowledged_survives_the_death_of_the_process(tmp_path: Path) -> None:
    path = tmp_path / "spans.duckdb"
    program = f"""
import asyncio, os
from spanwell.storage import open_storage
from tests.making import ended
async def main():
    storage = open_storage({str(path)!r})
    await storage.init()
    print(await storage.batch_create_spans([ended("t", str(i)) for i in range(500)]), flush=True)
    os.kill(os.getpid(), 9)
asyncio.run(main())
"""
    died = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert died.returncode == -9, died.stderr
    assert "created_count=500" in died.stdout
    with opened(path) as (runner, storage):
        assert runner.run(storage.count_spans(ALWAYS)) == 500


def test_closing_moves_the_write_ahead_log_into_the_file(tmp_path: Path) -> None:
    with opened(tmp_path / "spans.duckdb") as (runner, storage):
        runner.run(storage.batch_create_spans([ended("t", "a")]))
    assert [file.name for file in tmp_path.iterdir()] == ["spans.duckdb"]


@pytest.mark.parametrize("name", ["it's here.duckdb", "select.duckdb", "spanwell", "a;b --.db", "sqlite:x.duckdb"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    for count in (1, 2):
        with opened(tmp_path / name) as (runner, storage):
            runner.run(storage.batch_create_spans([ended("t", str(count))]))
            assert runner.run(storage.count_spans(ALWAYS)) == count
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_rows_are_stored_in_groups_that_a_checkpoint_soon_has_written(tmp_path: Path) -> None:
    path = tmp_path / "spans.duckdb"
    with opened(path) as (runner, storage):
        for trace in "tu":
            runner.run(storage.batch_create_spans([ended(trace, str(number)) for number in range(10_000)]))
    with duckdb.connect(str(path), read_only=True) as file:
        groups = "SELECT row_group_id, max(count) FROM pragma_storage_info('spans') GROUP BY ALL ORDER BY ALL"
        assert file.execute(groups).fetchall() == [(0, 16_384), (1, 3_616)]


def test_a_file_of_the_first_version_is_brought_forward_with_all_its_spans(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    path.write_bytes(gzip.decompress((FILES / "version1.duckdb.gz").read_bytes()))

    def ids(condition: Condition) -> list[str]:
        return sorted(span.span_id for span in runner.run(storage.list_spans(SpanQuery(Window(99), condition))).nodes)

    with opened(path) as (runner, storage):
        assert (runner.run(storage.count_spans(ALWAYS)), runner.run(storage.count_traces(ALWAYS))) == (9, 4)
        root = runner.run(storage.get_span("complete", "root"))
        assert root is not None
        trace = runner.run(storage.get_trace("complete"))
        assert trace is not None
        assert trace.changed_at == max(
            span.updated_at
            for span in runner.run(
                storage.list_spans(SpanQuery(Window(99), Compare("trace_id", Op.EQ, "complete")))
            ).nodes
        )
        assert (root.metadata, root.has_child_error) == ('{"n":123456789012345678901234567890}', True)
        failed = Compare("name", Op.EQ, "span grandchild")
        assert ids(Related(Relation.DESCENDANT, failed)) == ["child", "root"]
        assert ids(Related(Relation.PARENT, Compare("name", Op.EQ, "span root"))) == ["child", "other child"]
        assert ids(AllOf((Related(Relation.SIBLING, ALWAYS), Compare("trace_id", Op.EQ, "rootless")))) == [
            "early",
            "late",
        ]
    with duckdb.connect(str(path)) as file:
        assert file.execute("SELECT version FROM spanwell_schema").fetchall() == [(migrations.CURRENT,)]
        assert len(file.execute("SELECT * FROM mastra_ai_spans").fetchall()) == 9


def columns_of(path: Path) -> list[tuple[str, ...]]:
    query = "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() ORDER BY ALL"
    with duckdb.connect(str(path)) as file:
        indexes = file.execute("SELECT index_name, expressions FROM duckdb_indexes() ORDER BY ALL").fetchall()
        return [*file.execute(query).fetchall(), *indexes]


def test_a_file_brought_forward_has_the_same_schema_as_a_new_one(tmp_path: Path) -> None:
    old, new = tmp_path / "old.duckdb", tmp_path / "new.duckdb"
    old.write_bytes(gzip.decompress((FILES / "version1.duckdb.gz").read_bytes()))
    for path in (old, new):
        with opened(path):
            pass
    assert columns_of(old) == columns_of(new)


def test_a_file_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "newer.duckdb"
    with opened(path):
        pass
    with duckdb.connect(str(path)) as file:
        file.execute("UPDATE spanwell_schema SET version = 99")
    before = path.read_bytes()
    assert refusal(path) == (
        f"{path} has schema version 99, written by a newer Spanwell; this version supports up to {migrations.CURRENT}."
    )
    assert path.read_bytes() == before


def test_a_duckdb_file_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.duckdb"
    with duckdb.connect(str(path)) as file:
        file.execute("CREATE TABLE sales (day DATE)")
    before = path.read_bytes()
    assert refusal(path) == f"{path} is a DuckDB file that was not made by Spanwell."
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are my notes. " * 1000)
    assert refusal(path) == f"{path} is not a DuckDB file."
    assert path.read_text().startswith("These are my notes.")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "spans.duckdb"
    with opened(path) as (runner, storage):
        runner.run(storage.batch_create_spans([ended("t", str(i), name=f"{i}" * 50) for i in range(5000)]))
    content = bytearray(path.read_bytes())
    content[12_288 : 12_288 + 64] = bytes(64)
    path.write_bytes(content)
    assert refusal(path).startswith(f"{path} is damaged: DuckDB cannot read it.")
    path.write_bytes(bytes(content[: len(content) // 2]))
    assert refusal(path).startswith(f"{path} is damaged: DuckDB cannot read it.")


def test_a_missing_folder_and_a_folder_in_place_of_a_file_are_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no" / "spans.duckdb") == f"The folder of {tmp_path}/no/spans.duckdb does not exist."
    assert refusal(tmp_path) == f"{tmp_path} is a folder, not a DuckDB file."


def test_a_file_that_another_process_holds_is_named_with_the_process(tmp_path: Path) -> None:
    path = tmp_path / "spans.duckdb"
    holding = f"import duckdb, sys; held = duckdb.connect({str(path)!r}); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert refusal(path) == f"{path} is in use by another process (PID {holder.pid})."
        holder.communicate("")


def test_the_view_of_the_seed_schema_answers_its_sql(tmp_path: Path) -> None:
    path = tmp_path / "spans.duckdb"
    with opened(path) as (runner, storage):
        spans = [ended("t", "a", started_at=at(0.123456789), service_name="s"), ended("t", "b", "a", tags=["x"])]
        runner.run(storage.batch_create_spans(spans))
    with duckdb.connect(str(path), read_only=True) as file:
        names = [name for name, *_ in file.execute("DESCRIBE mastra_ai_spans").fetchall()]
        assert names[:8] == ["id", "trace_id", "parent_span_id", "name", "type", "started_at", "ended_at", "status"]
        assert names[-4:] == ["error_info", "has_child_error", "scope", "attributes"]
        assert len(names) == 29
        roots = "SELECT id, started_at::VARCHAR, status FROM mastra_ai_spans WHERE parent_span_id IS NULL"
        assert file.execute(roots).fetchall() == [("a", "2026-01-01 00:00:00.123456", "SUCCESS")]
        assert file.execute("SELECT tags FROM mastra_ai_spans WHERE id = 'b'").fetchall() == [(["x"],)]


def test_a_bad_memory_limit_is_named() -> None:
    storage = open_storage(":memory:", memory_limit="lots")
    with Runner() as runner, pytest.raises(StorageUnavailable, match="memory limit"):
        runner.run(storage.init())
