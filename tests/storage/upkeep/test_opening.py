"""A file that cannot be opened or brought forward is named for why, and left as it was."""

import struct
from asyncio import Runner
from pathlib import Path

import duckdb
import pytest

from spanwell.observability.model.columns import Json
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.questions.queries import SpanQuery, TraceQuery, Window
from spanwell.storage import open_storage
from spanwell.storage.duckdb import migrations
from tests.making import at, ended
from tests.storage.test_files import columns_of, opened, refusal

HEADER = 4_096
"""Bytes of a DuckDB file that begin with their own checksum; the version of the format follows four letters."""


def _checksum(content: bytearray) -> int:
    """Return DuckDB's checksum of whole words."""
    found = 5381
    for (word,) in struct.iter_unpack("<Q", content):
        found ^= word * 0xBF58476D1CE4E5B9 % 2**64
    return found


def _version_2(path: Path) -> None:
    """Turn a file into what version 2 would have made of the same spans: its traces do not say when they changed."""
    with duckdb.connect(str(path)) as file:
        file.execute("DROP INDEX traces_by_id")
        file.execute("ALTER TABLE traces DROP COLUMN changed_at")
        file.execute("CREATE INDEX traces_by_id ON traces (trace_id)")
        file.execute("UPDATE spanwell_schema SET version = 2")


def _filled(path: Path) -> Path:
    with opened(path) as (runner, storage):
        runner.run(
            storage.batch_create_spans([ended("t", "a"), ended("t", "b", "a", started_at=at(1)), ended("u", "a")])
        )
    return path


def test_a_file_of_another_version_of_duckdb_is_named_as_that(tmp_path: Path) -> None:
    path = _filled(tmp_path / "spans.duckdb")
    content = bytearray(path.read_bytes())
    content[12:20] = struct.pack("<Q", 9_999)
    content[:8] = struct.pack("<Q", _checksum(content[8:HEADER]))
    path.write_bytes(content)
    assert refusal(path) == f"{path} was written by another version of DuckDB, which this one cannot read."
    assert path.read_bytes() == content


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="only Linux has a folder in which nobody may make a file")
def test_a_place_where_no_file_may_be_made_is_named() -> None:
    assert refusal("/sys/kernel/spans.duckdb") == "/sys/kernel/spans.duckdb cannot be opened: permission denied."


def test_a_file_of_version_2_is_brought_forward_with_the_places_and_changes_of_its_spans(tmp_path: Path) -> None:
    path, new = _filled(tmp_path / "old.duckdb"), _filled(tmp_path / "new.duckdb")
    with opened(path) as (runner, storage):
        before = runner.run(storage.list_spans(SpanQuery(Window(9))))
    _version_2(path)
    with opened(path) as (runner, storage):
        assert runner.run(storage.list_spans(SpanQuery(Window(9)))) == before
        trace = runner.run(storage.get_trace("t"))
        assert trace is not None
        assert trace.changed_at == max(span.updated_at for span in before.nodes if span.trace_id == "t")
    assert columns_of(path) == columns_of(new)


NEW = ("cache_write_input_tokens", "audio_input_tokens", "audio_output_tokens", "time_to_first_token_ms")


def _version_4(path: Path) -> None:
    """Turn a file into what version 4 would have made of the same spans."""
    with duckdb.connect(str(path)) as file:
        for index in ("spans_by_trace", "traces_by_id"):
            file.execute(f"DROP INDEX {index}")
        for table, prefix in (("spans", ""), ("traces", "head_")):
            file.execute(f"UPDATE {table} SET {prefix}metadata = json_object('otlp', {prefix}otlp)")
            for column in (*NEW, "tokens_per_second", "otlp"):
                file.execute(f"ALTER TABLE {table} DROP COLUMN {prefix}{column}")
        file.execute("UPDATE spanwell_schema SET version = 4")


def test_a_file_of_version_4_keeps_what_otlp_states_beside_all_fields(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    with opened(path) as (runner, storage):
        runner.run(storage.batch_create_spans([ended("t", "a", otlp=Json('{"flags":257}'))]))
        before = runner.run(storage.get_trace("t"))
    _version_4(path)
    with opened(path) as (runner, storage):
        assert runner.run(storage.get_trace("t")) == before
        found = runner.run(storage.get_span("t", "a"))
        assert found is not None
        assert (found.otlp, found.metadata, found.time_to_first_token_ms) == ('{"flags":257}', None, None)


def test_a_file_of_version_5_gets_one_form_of_each_id_and_merges_what_had_two(tmp_path: Path) -> None:
    path, uuid = tmp_path / "old.duckdb", "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"
    with opened(path) as (runner, storage):
        short = [ended("A3CE929D0E0E4736", "a", name="late", user_id="ann"), ended("a3ce929d0e0e4736", "b", uuid)]
        padded = [ended("0000000000000000a3ce929d0e0e4736", "a", name="first"), ended(uuid, uuid), ended("t", "t")]
        runner.run(storage.batch_create_spans([*short, *padded]))
    with duckdb.connect(str(path)) as file:
        file.execute("UPDATE spanwell_schema SET version = 5")
    plain = uuid.replace("-", "")
    with opened(path) as (runner, storage):
        found = runner.run(storage.list_spans(SpanQuery(Window(9)))).nodes
        traces = runner.run(storage.list_traces(TraceQuery(Window(9)))).nodes
    assert {(span.key, span.parent_span_id) for span in found} == {
        (("0000000000000000a3ce929d0e0e4736", "a"), None),
        (("0000000000000000a3ce929d0e0e4736", "b"), plain),
        ((plain, plain), None),
        (("t", "t"), None),
    }
    assert {(trace.trace_id, trace.span_count) for trace in traces} == {
        ("0000000000000000a3ce929d0e0e4736", 2),
        (plain, 1),
        ("t", 1),
    }
    assert {span.user_id for span in found if span.span_id == "a"} == {"ann"}


def test_a_file_that_cannot_be_brought_forward_stays_of_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _filled(tmp_path / "spans.duckdb")
    _version_2(path)
    before = columns_of(path)
    with monkeypatch.context() as broken:
        broken.setattr(migrations, "_CHANGED", "UPDATE nothing SET changed_at = NULL")
        with Runner() as runner, pytest.raises(duckdb.CatalogException):
            runner.run(open_storage(str(path)).init())
    assert columns_of(path) == before
    assert [file.name for file in tmp_path.iterdir()] == ["spans.duckdb"]
    with opened(path) as (runner, storage):
        assert runner.run(storage.count_spans(ALWAYS)) == 3


def test_a_file_that_does_not_say_its_version_is_refused(tmp_path: Path) -> None:
    path = _filled(tmp_path / "spans.duckdb")
    with duckdb.connect(str(path)) as file:
        file.execute("DELETE FROM spanwell_schema")
    assert refusal(path) == f"{path} is a DuckDB file that was not made by Spanwell."
