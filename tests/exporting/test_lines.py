"""What a store holds can be written, and read again as it was."""

import json
import os
import subprocess
from asyncio import Runner
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from spanwell.exporting import FORMATS, written_lines
from spanwell.exporting import lines as exporting
from spanwell.importing import import_files
from spanwell.observability.model.span import GIVEN_COLUMNS, Span
from spanwell.observability.questions.ordering import OLDEST_SPANS
from spanwell.observability.questions.queries import SpanQuery, Window
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
    storage = MemoryStorage()
    runner.run(storage.batch_create_spans(spans))
    return storage


def given(runner: Runner, storage: ObservabilityStorage) -> list[list[object]]:
    """Return all that clients said of the spans of a store."""
    page = runner.run(storage.list_spans(SpanQuery(Window(100), order=OLDEST_SPANS)))
    return [[span.key, *(getattr(span, column.name) for column in GIVEN_COLUMNS)] for span in page.nodes]


async def all_lines(storage: ObservabilityStorage, name: str) -> list[bytes]:
    return [line async for _, lines in written_lines(storage, name) for line in lines]


@pytest.fixture(params=[3, 100])
def _at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read few spans at a time, or all of them."""
    monkeypatch.setattr(exporting, "_AT_ONCE", request.param)


@pytest.mark.usefixtures("_at_once")
@pytest.mark.parametrize(("name", "spans"), [("jsonl", OTLP), ("jsonl", OWN), ("otlp-json", OTLP)])
def test_what_is_written_is_read_again_as_it_was(runner: Runner, tmp_path: Path, name: str, spans: list[Span]) -> None:
    storage = store_of(runner, spans)
    file = tmp_path / "a"
    file.write_bytes(b"".join(runner.run(all_lines(storage, name))))
    again = MemoryStorage()
    assert runner.run(import_files([file], Observability(again))).created == len(spans)
    assert given(runner, again) == given(runner, storage)


@pytest.mark.parametrize("name", FORMATS)
def test_json_with_line_breaks_between_its_parts_is_one_line_that_is_read_again(
    runner: Runner, tmp_path: Path, name: str
) -> None:
    spans = [own_span("a" * 32, "b" * 16, input='{\n "a":\r\n [1.50]}', attributes='{"k":\n "x\\ny"}')]
    lines = runner.run(all_lines(store_of(runner, spans), name))
    assert [(line.count(b"\n"), line.count(b"\r")) for line in lines] == [(1, 0)]
    file = tmp_path / "a"
    file.write_bytes(b"".join(lines))
    assert runner.run(import_files([file], Observability(MemoryStorage()))).created == 1


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_store_has_no_lines(runner: Runner, name: str) -> None:
    assert runner.run(all_lines(store_of(runner, []), name)) == []


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
    assert "There is no store" in spanwell("export", "--db", str(db)).stderr
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
    assert stopped.stderr.startswith("spanwell: Whoever read the spans has stopped reading.")
