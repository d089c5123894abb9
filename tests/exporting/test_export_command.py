"""`spanwell export` and `stats` read a file, or a running server beside whoever uses it."""

import json
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import duckdb
import pytest

from tests.running import Running, serving, spanwell

FAILED = '{"status": {"eq": "ERROR"}}'
SPAN = {
    "traceId": "t",
    "spanId": "a",
    "name": "n",
    "startedAt": "2026-01-01T00:00:00Z",
    "endedAt": "2026-01-01T00:00:01Z",
    "status": "ERROR",
    "attributes": {"code": 500},
}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with some demo traces, and a span that failed: of so few, often none did."""
    folder = tmp_path_factory.mktemp("store")
    path, line = folder / "a.duckdb", folder / "failed.jsonl"
    line.write_text(json.dumps(SPAN), encoding="utf-8")
    assert spanwell("demo", "--traces", "20", "--db", str(path)).returncode == 0
    assert spanwell("import", "--db", str(path), str(line)).returncode == 0
    return path


def failed(db: Path) -> int:
    with duckdb.connect(str(db), read_only=True) as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM spans WHERE status = 'ERROR'").fetchall()
        return int(count)


def test_what_a_filter_finds_is_written_as_lines_that_are_read_again(db: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    done = spanwell("export", "--db", str(db), "--filter", FAILED, "--out", str(file))
    assert done.stderr.endswith(f"Wrote {failed(db)} spans to {file}.\n")
    assert spanwell("import", "--db", str(tmp_path / "b.duckdb"), str(file)).returncode == 0
    assert failed(tmp_path / "b.duckdb") == failed(db) > 0


@pytest.fixture(scope="module")
def server(db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    """Run a server over a copy of the store; also give the store."""
    served = shutil.copy(db, tmp_path_factory.mktemp("served") / "served.duckdb")
    with serving("--db", str(served)) as running:
        yield running, db


def test_a_running_server_is_read_from_beside_whoever_uses_it(server: tuple[Running, Path], tmp_path: Path) -> None:
    running, copy = server
    file = tmp_path / "a.jsonl"
    done = spanwell("export", "--url", running.url, "--filter", FAILED, "--out", str(file))
    assert done.stderr == f"Wrote {file.stat().st_size:,} bytes to {file}.\n"
    assert len(file.read_text().splitlines()) == failed(copy)


def test_a_filter_that_cannot_match_is_warned_of(server: tuple[Running, Path], db: Path) -> None:
    running, _ = server
    filtered = '{"attributes": [{"key": "code", "string": {"eq": "500"}}]}'
    for where in ("--url", running.url), ("--db", str(db)):
        done = spanwell("export", *where, "--filter", filtered)
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr.startswith("Warning: `code` of SPAN is never text: it is a number. Ask with `number`, ")
        assert "Warning" not in spanwell("export", *where, "--filter", FAILED).stderr


def test_fields_and_order_are_chosen(server: tuple[Running, Path]) -> None:
    running, _ = server
    asked = ["--format", "csv", "--fields", "durationMs, traceId", "--order-by", '{"field": "DURATION"}']
    done = spanwell("export", "--url", running.url, "--records", "traces", *asked)
    head, *rows = done.stdout.splitlines()
    durations = [float(row.split(",")[0]) for row in rows if row[0] != ","]
    assert (head, len(rows)) == ("durationMs,traceId", 21)
    assert durations == sorted(durations, reverse=True)


def test_stats_are_those_of_the_server(server: tuple[Running, Path]) -> None:
    running, copy = server
    found = json.loads(spanwell("stats", "--url", running.url, "--json").stdout)
    alone = json.loads(spanwell("stats", "--db", str(copy), "--json").stdout)
    assert {name for name in alone if found.get(name) != alone[name]} <= {
        *("fileBytes", "schemaVersion", "firstSpan", "lastSpan")
    }
    assert found["traces"] == 21


class BreaksOff(BaseHTTPRequestHandler):
    """Promises more than it sends, or speaks no GraphQL."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        if self.path == "/export":
            self.send_response(200)
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"9\r\n{}")
            self.close_connection = True
        else:
            self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


def test_what_is_no_answer_of_a_server_is_said(tmp_path: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), BreaksOff) as strange:
        Thread(target=strange.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{strange.server_port}"
        broken = spanwell("export", "--url", url, "--out", str(tmp_path / "a"))
        unknown = spanwell("stats", "--url", url)
        strange.shutdown()
    assert (broken.returncode, unknown.returncode) == (2, 2)
    assert "closed the connection early" in broken.stderr
    assert "answered 404 Not Found" in unknown.stderr


@pytest.mark.parametrize("name", ["arrow", "otlp-json"])
def test_every_format_is_written_of_a_file(db: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / "a"
    done = spanwell("export", "--db", str(db), "--format", name, "--out", str(file))
    assert done.returncode == 0, done.stderr
    assert file.stat().st_size > 10_000


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_a_table_has_a_row_for_each_span(db: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"a.{name}"
    assert spanwell("export", "--db", str(db), "--format", name, "--filter", FAILED, "--out", str(file)).returncode == 0
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT count(*), count(DISTINCT spanId), min(name) FROM '{file}'").fetchall()
    assert found[0][:2] == (failed(db), failed(db))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--filter", "nonsense"], "`--filter` is not a JSON object"),
        (["--filter", '{"nothing": 1}'], "nothing"),
        (["--order-by", "7"], "`--order-by` is not a JSON object"),
        (["--fields", "nothing"], "`fields[0]` is no field of spans"),
        (["--url", "nonsense"], "`--url` must be the address of a server"),
        (["--url", "http://127.0.0.1:1"], "cannot be reached"),
    ],
)
def test_what_cannot_be_written_is_said(db: Path, arguments: list[str], sentence: str) -> None:
    done = spanwell("export", "--db", str(db), *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
