"""The command line does what it says, and says in one sentence what it cannot do."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from spanwell import __version__
from spanwell.options import OPTIONS
from spanwell.storage.duckdb.migrations import CURRENT

from .running import COMMAND, ROOT, Running, environment, serving, spanwell

SPAN = """mutation {
    createSpan(span: {traceId: "t", spanId: "s", name: "n", startedAt: "2026-01-31T09:30:00Z"}) { createdCount } }"""


def test_without_a_command_it_helps() -> None:
    done = spanwell()
    assert done.returncode == 0
    for command in ("serve", "import", "demo", "stats", "explain", "schema"):
        assert command in done.stdout


def test_it_knows_its_version() -> None:
    assert spanwell("--version").stdout == f"spanwell {__version__}\n"


def test_the_help_of_serve_names_every_setting_with_its_variable_and_default() -> None:
    words = " ".join(spanwell("serve", "--help", COLUMNS="200").stdout.split())
    for option in OPTIONS:
        assert option.flag in words
        assert f"[{option.shown_default or 'none'}; {option.variable}]" in words


def test_the_schema_is_printed() -> None:
    assert spanwell("schema").stdout == (ROOT / "schema.graphql").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_keeps_what_it_acknowledged_and_stops_cleanly(tmp_path: Path, number: int) -> None:
    db = tmp_path / "spans.duckdb"
    with serving("--db", str(db)) as server:
        assert server.greeting[-1] == f"  store: {db} (0 traces, 0 spans)"
        assert server.ask(SPAN) == {"data": {"createSpan": {"createdCount": 1}}}
        code, said = server.stop(number)
    assert (code, said.splitlines()[-1]) == (0, "Stopped. All data is on disk.")
    assert [file.name for file in tmp_path.iterdir()] == ["spans.duckdb"]
    found = json.loads(spanwell("stats", "--db", str(db), "--json").stdout)
    assert (found["spans"], found["traces"], found["runningSpans"]) == (1, 1, 1)
    assert found["firstSpan"] == "2026-01-31T09:30:00Z"


def test_a_demo_server_has_traces_to_look_at() -> None:
    with serving("--db", ":memory:", "--demo") as server:
        answer = server.ask("{ traces(first: 3) { totalCount nodes { name spanCount } } }")
        assert answer["data"]["traces"]["totalCount"] == 500
        assert all(trace["spanCount"] > 0 for trace in answer["data"]["traces"]["nodes"])
        assert server.stop()[0] == 0


def test_variables_set_what_flags_do_not(tmp_path: Path) -> None:
    variables = {"SPANWELL_DB": str(tmp_path / "a.duckdb"), "SPANWELL_CLEAR_ALL": "no"}
    with serving(**variables) as server:
        refused = server.ask("mutation { dangerouslyClearAll { deletedSpanCount } }")["errors"][0]
        assert refused["extensions"]["code"] == "FORBIDDEN"
    with serving("--db", str(tmp_path / "b.duckdb"), "--clear-all", **variables) as server:
        cleared = server.ask("mutation { dangerouslyClearAll { deletedSpanCount } }")
        assert cleared == {"data": {"dangerouslyClearAll": {"deletedSpanCount": 0}}}
    assert (tmp_path / "b.duckdb").exists()


def refusal(*arguments: str, **variables: str) -> str:
    """Return the one sentence with which a command refuses."""
    done = spanwell(*arguments, **variables)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    (sentence,) = done.stderr.splitlines()
    return sentence


def test_what_cannot_be_opened_is_said_in_one_sentence(tmp_path: Path) -> None:
    missing = tmp_path / "no" / "spans.duckdb"
    assert refusal("serve", "--db", str(missing)) == f"spanwell: The folder of {missing} does not exist."
    foreign = tmp_path / "notes.txt"
    foreign.write_text("notes " * 3000)
    assert refusal("serve", "--db", str(foreign)) == f"spanwell: {foreign} is not a DuckDB file."
    assert refusal("stats", "--db", str(tmp_path / "none.duckdb")).startswith("spanwell: The store")
    assert not (tmp_path / "none.duckdb").exists()


def test_a_busy_file_names_the_process_that_holds_it(tmp_path: Path) -> None:
    db = str(tmp_path / "spans.duckdb")
    with serving("--db", db) as server:
        assert (
            refusal("serve", "--db", db) == f"spanwell: {db} is in use by another process (PID {server.process.pid})."
        )


def test_a_busy_port_is_said_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refusal("serve", "--db", ":memory:", "--port", port)
        assert said == f"spanwell: Cannot listen on 127.0.0.1 port {port}: Address already in use."


@pytest.mark.parametrize(
    ("arguments", "variables", "said"),
    [
        (["--port", "many"], {}, "--port: 'many' is not an integer or a size such as 64MiB."),
        ([], {"SPANWELL_QUERY_TIMEOUT": "soon"}, "SPANWELL_QUERY_TIMEOUT: 'soon' is not a number."),
        ([], {"SPANWELL_DEMO": "maybe"}, "SPANWELL_DEMO: 'maybe' is not yes or no."),
        ([], {"SPANWELL_PORT": "99999"}, "SPANWELL_PORT: '99999' is not from 0 to 65,535."),
    ],
)
def test_a_bad_setting_is_named(arguments: list[str], variables: dict[str, str], said: str) -> None:
    assert refusal("serve", *arguments, **variables) == f"spanwell: {said}"


def test_demo_traces_can_be_written_to_a_file_and_imported_again_and_again(tmp_path: Path) -> None:
    file, db = tmp_path / "demo.jsonl", str(tmp_path / "spans.duckdb")
    assert spanwell("demo", "--traces", "60", "--out", str(file)).returncode == 0
    spans = len(file.read_text(encoding="utf-8").splitlines())
    first = spanwell("import", "--db", db, str(file))
    assert f"Read {spans:,} spans of 60 traces in " in first.stdout
    assert f"{spans:,} new, 0 changed, 0 already there." in first.stdout
    assert f"{db} now holds 60 traces with {spans:,} spans." in first.stdout
    again = spanwell("import", "--db", db, str(file))
    assert f"0 new, 0 changed, {spans:,} already there." in again.stdout


def test_stats_tell_what_a_store_holds(tmp_path: Path) -> None:
    db = str(tmp_path / "spans.duckdb")
    assert spanwell("demo", "--traces", "40", "--db", db).returncode == 0
    found = json.loads(spanwell("stats", "--db", db, "--json").stdout)
    shown = dict(re.split(r"\s{2,}", line) for line in spanwell("stats", "--db", db).stdout.splitlines())
    assert (found["traces"], shown["traces"]) == (40, "40")
    assert found["services"] == sorted(set(found["services"]))
    assert shown["services"] == str(len(found["services"])) != "0"
    assert shown["first span"] == found["firstSpan"] < found["lastSpan"]
    assert found["fileBytes"] == Path(db).stat().st_size
    assert found["schemaVersion"] == CURRENT


def test_an_empty_store_has_stats(tmp_path: Path) -> None:
    db = str(tmp_path / "spans.duckdb")
    with serving("--db", db) as server:
        server.stop()
    shown = dict(re.split(r"\s{2,}", line) for line in spanwell("stats", "--db", db).stdout.splitlines())
    assert (shown["spans"], shown["services"], shown["first span"]) == ("0", "0", "none")


def test_an_import_reads_the_same_moments_in_any_time_zone(tmp_path: Path) -> None:
    file, db = tmp_path / "a.parquet", str(tmp_path / "spans.duckdb")
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 't' AS trace_id, 's' AS span_id, 'n' AS name, TIMESTAMPTZ '2026-01-31 09:30:00+00' AS"
            f" started_at, TIMESTAMP '2026-01-31 09:30:01' AS ended_at) TO '{file}' (FORMAT parquet)"
        )
    assert spanwell("import", "--db", db, str(file), TZ="America/New_York").returncode == 0
    found = json.loads(spanwell("stats", "--db", db, "--json").stdout)
    assert (found["firstSpan"], found["runningSpans"]) == ("2026-01-31T09:30:00Z", 0)


def test_an_import_of_what_is_no_file_of_spans_is_refused(tmp_path: Path) -> None:
    db = str(tmp_path / "spans.duckdb")
    assert refusal("import", "--db", db, str(tmp_path / "none")) == (
        f"spanwell: {tmp_path}/none cannot be read: No such file or directory."
    )


def test_demo_traces_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    assert refusal("demo", "--out", str(tmp_path)) == f"spanwell: {tmp_path} cannot be written: Is a directory."
    done = spanwell("demo", "--traces", "0", "--out", str(tmp_path / "a.jsonl"))
    assert (done.returncode, (tmp_path / "a.jsonl").exists()) == (2, False)
    assert "argument --traces: '0' is not a positive integer" in done.stderr


def test_a_host_that_is_none_is_refused() -> None:
    said = refusal("serve", "--db", ":memory:", "--insecure", "--host", "x" * 300)
    assert said.startswith(f"spanwell: Cannot listen on {'x' * 300} port 8000: ")


def test_a_store_that_is_not_empty_gets_no_demo_traces(tmp_path: Path) -> None:
    db = str(tmp_path / "spans.duckdb")
    assert spanwell("demo", "--traces", "2", "--db", db).returncode == 0
    with serving("--db", db, "--demo") as server:
        assert server.greeting[0] == "The store is not empty, so no demo traces were added."
        assert server.greeting[-1].startswith(f"  store: {db} (2 traces, ")
        server.stop()


@contextmanager
def half_asked(server: Running) -> Generator[tuple[socket.socket, bytes]]:
    """Send half of a request that creates a span, and then SIGTERM; gives the connection, and the other half."""
    body = json.dumps({"query": SPAN}).encode()
    head = f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(head.encode() + b"\r\n\r\n" + body[:10])
        server.ask("{ __typename }")  # by now the first half has been read
        server.process.send_signal(signal.SIGTERM)
        yield connection, body[10:]


def test_a_request_under_way_is_answered_before_the_server_stops(tmp_path: Path) -> None:
    """Half a request is sent, then the signal, then the other half."""
    with serving("--db", str(tmp_path / "spans.duckdb")) as server:
        with half_asked(server) as (connection, rest):
            assert server.process.stdout is not None
            assert server.process.stdout.readline() == "Stopping: finishing open requests ...\n"
            connection.sendall(rest)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))  # until the server hangs up
        assert answer.startswith(b"HTTP/1.1 200")
        assert b'"createdCount":1' in answer
        assert server.stop()[0] == 0


def test_a_request_that_comes_late_is_refused_until_the_others_are_answered(tmp_path: Path) -> None:
    with serving("--db", str(tmp_path / "spans.duckdb")) as server:
        with half_asked(server) as (connection, rest):
            with pytest.raises(urllib.error.HTTPError, match="503") as refused:
                all(server.ask("{ __typename }") for _ in iter(int, 1))
            assert json.load(refused.value)["errors"][0]["message"].startswith("The server is shutting down")
            connection.sendall(rest)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        assert server.stop()[0] == 0
    assert [file.name for file in tmp_path.iterdir()] == ["spans.duckdb"]


def test_a_signal_before_the_server_is_ready_ends_it(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "serve", "--db", str(tmp_path / "spans.duckdb"), "--port", "0", "--demo"],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        while not list(tmp_path.iterdir()):
            time.sleep(0.001)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "Stopped during startup.\n")


_OF_TABLES = 64 * 1024
"""Bytes of a log that are more than those of the tables alone."""


def test_explain_shows_the_sql_and_the_bound_values() -> None:
    done = spanwell("explain", '{ spans(filter: {name: {contains: "50%"}}) { totalCount } }')
    assert "SELECT count(*) FROM spans WHERE contains(spans.\"name\", ?)\n--> ['50%']\n" in done.stdout
    assert "Cannot query field" in refusal("explain", "{ nothing }")
    assert "RE2" in refusal("explain", '{ spans(filter: {name: {regex: "("}}) { totalCount } }')


def test_an_import_that_is_interrupted_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    file, db = tmp_path / "demo.jsonl", str(tmp_path / "spans.duckdb")
    spanwell("demo", "--traces", "1500", "--out", str(file))
    with subprocess.Popen(
        [*COMMAND, "import", "--db", db, str(file)], cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        log = Path(f"{db}.wal")  # which is small until the first batch is being stored
        while process.poll() is None and not (log.exists() and log.stat().st_size > _OF_TABLES):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode in {0, 130}
    assert "Traceback" not in said
    assert process.returncode == 0 or re.search(r"[\d,]+ spans were stored; .*\nspanwell: Stopped\.\n$", said)
    assert spanwell("import", "--db", db, str(file)).returncode == 0
    found = json.loads(spanwell("stats", "--db", db, "--json").stdout)
    assert found["spans"] == len(file.read_text(encoding="utf-8").splitlines())


def test_python_m_server_is_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from spanwell.cli import main; main(['--version'])"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == spanwell("--version").stdout
