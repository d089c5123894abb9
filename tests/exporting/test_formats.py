"""What a store holds can be written, and read again as it was."""

import json
import os
import subprocess
from asyncio import Runner
from collections.abc import AsyncGenerator, Iterator
from functools import partial
from pathlib import Path

import duckdb
import pytest
from arro3.core import DataType, RecordBatchReader, Table
from arro3.io import read_ipc_stream, read_parquet
from typing_extensions import override

from spanwell.exporting import tables
from spanwell.exporting.fields import SPAN_FIELDS, Field, fields_of
from spanwell.exporting.formats import writer_of
from spanwell.exporting.pages import written
from spanwell.importing import import_files
from spanwell.observability.model.blocks import Block
from spanwell.observability.model.columns import Kind
from spanwell.observability.model.record import column_value
from spanwell.observability.model.span import GIVEN_COLUMNS, Span
from spanwell.observability.model.times import format_moment
from spanwell.observability.questions.ordering import OLDEST_SPANS
from spanwell.observability.questions.queries import ListQuery, SpanQuery, Window
from spanwell.observability.service import Observability
from spanwell.observability.storage import ObservabilityStorage
from spanwell.otlp.decoding import decode
from spanwell.storage.reference.storage import MemoryStorage
from tests.making import span as own_span
from tests.otlp.making import otlp_span, request_of
from tests.running import COMMAND, ROOT, environment, spanwell

OTLP = decode(
    request_of(*(otlp_span(n, attributes={"n": n}, flags=n, events=[{"name": "e"}]) for n in range(1, 8)))
).spans
OWN = [own_span("t", f"s{n}", input='{"a":1.50}', tags=["x"], attributes='{"k":null}', ended_at=None) for n in range(4)]


@pytest.fixture
def runner() -> Iterator[Runner]:
    with Runner() as runner:
        yield runner


def store_of(runner: Runner, spans: list[Span]) -> ObservabilityStorage:
    storage = InPieces()
    runner.run(storage.batch_create_spans(spans))
    return storage


def given(runner: Runner, storage: ObservabilityStorage) -> list[list[object]]:
    """Return all that clients said of the spans of a store."""
    page = runner.run(storage.list_spans(SpanQuery(Window(100), order=OLDEST_SPANS)))
    return [[span.key, *(getattr(span, column.name) for column in GIVEN_COLUMNS)] for span in page.nodes]


async def everything(storage: ObservabilityStorage, name: str, labels: list[str] | None = None) -> bytes:
    """Return all spans of a store in a format, the oldest first."""
    make = partial(writer_of, name, Span, fields_of(Span, labels), chosen=labels is not None)
    return b"".join([piece async for _, piece in written(storage, SpanQuery(Window(0), order=OLDEST_SPANS), make)])


class InPieces(MemoryStorage):
    """A store that gives few spans at a time."""

    @override
    async def stream(self, query: ListQuery) -> AsyncGenerator[Block]:
        async for block in super().stream(query):
            for first in range(0, len(block), 3):
                yield block.part(first, 3)


@pytest.mark.parametrize(
    ("name", "spans"),
    [("jsonl", OTLP), ("jsonl", OWN), ("otlp", OTLP), ("parquet", OTLP), ("parquet", OWN)],
)
def test_what_is_written_is_read_again_as_it_was(runner: Runner, tmp_path: Path, name: str, spans: list[Span]) -> None:
    storage = store_of(runner, spans)
    file = tmp_path / "a"
    file.write_bytes(runner.run(everything(storage, name)))
    again = MemoryStorage()
    assert runner.run(import_files([file], Observability(again))).created == len(spans)
    assert given(runner, again) == given(runner, storage)


@pytest.mark.parametrize("name", ["jsonl", "otlp"])
def test_json_with_line_breaks_is_one_line_for_any_reader_and_is_read_again(
    runner: Runner, tmp_path: Path, name: str
) -> None:
    text = "x\x85y\u2028z\u2029"
    spans = [own_span("a" * 32, "b" * 16, name=text, input='{\n "a":\r\n [1.50]}', attributes='{"k":\n "x\\ny"}')]
    written = runner.run(everything(store_of(runner, spans), name))
    assert (written.count(b"\n"), written.count(b"\r"), len(written.decode().splitlines())) == (1, 0, 1)
    file = tmp_path / "a"
    file.write_bytes(written)
    again = MemoryStorage()
    assert runner.run(import_files([file], Observability(again))).created == 1
    assert text in given(runner, again)[0]


@pytest.mark.parametrize("name", ["jsonl", "otlp"])
def test_an_empty_store_has_no_lines(runner: Runner, name: str) -> None:
    assert runner.run(everything(store_of(runner, []), name)) == b""


@pytest.mark.parametrize("name", ["csv", "parquet", "arrow"])
def test_an_empty_store_is_a_table_without_rows(runner: Runner, tmp_path: Path, name: str) -> None:
    table = table_of(runner.run(everything(store_of(runner, []), name)), name, tmp_path)
    assert (table.num_rows, table.column_names) == (0, [field.label for field in SPAN_FIELDS])


@pytest.mark.parametrize("name", ["csv", "parquet", "arrow"])
def test_a_table_has_the_values_of_the_store(runner: Runner, tmp_path: Path, name: str) -> None:
    storage = store_of(runner, [*OWN, own_span("t", "z", name='a "b",\n', tags=[], status_message="")])
    table = table_of(runner.run(everything(storage, name)), name, tmp_path)
    page = runner.run(storage.list_spans(SpanQuery(Window(100), order=OLDEST_SPANS)))
    for field in SPAN_FIELDS:
        stored = [seen(field, span, as_text=name == "csv") for span in page.nodes]
        column = table[field.label]
        is_moment = field.column.kind is Kind.TIME and name != "csv"
        shown = column.cast(DataType.int64()) if is_moment else column
        assert shown.to_pylist() == stored, field.label


def test_only_some_fields_are_written_in_their_order(runner: Runner, tmp_path: Path) -> None:
    table = table_of(runner.run(everything(store_of(runner, OWN), "arrow", ["name", "tags"])), "arrow", tmp_path)
    assert table.column_names == ["name", "tags"]
    assert list(table["tags"].to_pylist()) == [["x"]] * 4
    lines = runner.run(everything(store_of(runner, OWN), "jsonl", ["name", "endedAt", "input"])).splitlines()
    assert lines[0] == b'{"name":"span s0","endedAt":null,"input":{"a":1.50}}'
    assert runner.run(everything(store_of(runner, OWN), "csv", ["name", "endedAt", "isRoot", "tags"])).splitlines() == [
        b"name,endedAt,isRoot,tags",
        *[b'"span s%d",,true,"[""x""]"' % number for number in range(4)],
    ]


def test_what_fails_while_parquet_is_written_is_raised(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_array", lambda *_: 1 / 0)
    with pytest.raises(Exception, match="division"):
        runner.run(everything(store_of(runner, OWN), "parquet"))


def table_of(content: bytes, name: str, folder: Path) -> Table:
    """Return a table as other tools read it."""
    file = folder / name
    file.write_bytes(content)
    match name:
        case "arrow":
            return read_ipc_stream(file).read_all()
        case "parquet":
            return read_parquet(file).read_all()
        case _:
            with duckdb.connect() as connection:
                found = connection.sql(
                    f"FROM read_csv('{file}', header = true, all_varchar = true, allow_quoted_nulls = false)"
                )
                return RecordBatchReader.from_stream(found).read_all()


def seen(field: Field, span: Span, *, as_text: bool) -> object:
    """Return a value as a table shows it: as it is, or in CSV as text."""
    value = column_value(span, field.column.name)
    if not as_text or value is None:
        return value
    match field.column.kind:
        case Kind.TIME:
            return format_moment(value)
        case Kind.TEXTS:
            return json.dumps(value)
        case Kind.FLAG:
            return str(value).lower()
        case _:
            return str(value)


def test_the_command_writes_files_and_standard_output(tmp_path: Path) -> None:
    db, file = tmp_path / "a.duckdb", tmp_path / "a.json"
    assert spanwell("demo", "--traces", "3", "--db", str(db)).returncode == 0
    with duckdb.connect(str(db), read_only=True) as connection:
        (count,) = connection.execute("SELECT count(*) FROM spans").fetchall()[0]
    done = spanwell("export", "--db", str(db), "--format", "otlp-json", "--out", str(file))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"Wrote {count} spans to {file}.\n")
    assert "resourceSpans" in json.loads(file.read_text())
    done = spanwell("export", "--db", str(db))
    assert len(done.stdout.splitlines()) == count
    assert done.stderr == f"Wrote {count} spans to standard output.\n"


def test_what_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    db = tmp_path / "a.duckdb"
    assert "does not exist" in spanwell("export", "--db", str(db)).stderr
    spanwell("demo", "--traces", "3", "--db", str(db))
    done = spanwell("export", "--db", str(db), "--out", str(tmp_path / "no" / "a"))
    assert (done.returncode, "cannot be written: No such file" in done.stderr) == (2, True)
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        stopped = subprocess.run(
            [*COMMAND, "export", "--db", str(db)],
            cwd=ROOT,
            env=environment(),
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert stopped.stderr.startswith("spanwell: The reader of the output closed it.")
