"""`spanwell export` writes what a filter finds, of a file or of a running server, also as tables."""

from pathlib import Path

import duckdb
import pytest

from tests.running import serving, spanwell

FAILED = '{"status": {"eq": "ERROR"}}'


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with some demo traces."""
    path = tmp_path_factory.mktemp("store") / "a.duckdb"
    assert spanwell("demo", "--traces", "20", "--db", str(path)).returncode == 0
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
    assert failed(tmp_path / "b.duckdb") == failed(db)


def test_a_running_server_is_read_from_beside_whoever_uses_it(db: Path, tmp_path: Path) -> None:
    file, count = tmp_path / "a.jsonl", failed(db)
    with serving("--db", str(db)) as running:
        done = spanwell("export", "--url", running.url, "--filter", FAILED, "--out", str(file))
    assert done.returncode == 0, done.stderr
    assert len(file.read_text().splitlines()) == count


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
        (["--filter", "{}", "--format", "otlp-json"], "OTLP is written of a whole store alone"),
        (["--url", "nonsense"], "`--url` is not the address of a server"),
        (["--url", "http://127.0.0.1:1"], "cannot be reached"),
    ],
)
def test_what_cannot_be_written_is_said(db: Path, arguments: list[str], sentence: str) -> None:
    done = spanwell("export", "--db", str(db), *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
