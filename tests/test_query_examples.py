"""The examples of reading traces do what their first lines say, against the real server."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from .running import ROOT, Running, serving

EXAMPLES = ROOT / "frontend_examples"
QUERY = EXAMPLES / "query"

WRITE = "mutation Write($spans: [CreateSpanInput!]!) { batchCreateSpans(spans: $spans) { createdCount } }"


def a_span(trace_id: str, span_id: str, minutes_ago: float, seconds: float, **fields: object) -> dict[str, object]:
    """Return a span that began some minutes ago and took some seconds."""
    began = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    times = {"startedAt": began.isoformat(), "endedAt": (began + timedelta(seconds=seconds)).isoformat()}
    return {"traceId": trace_id, "spanId": span_id, "name": "work", "serviceName": "shop", **times, **fields}


def a_call(trace_id: str, model: str, cost: float) -> dict[str, object]:
    return a_span(
        trace_id,
        "2",
        30,
        1,
        parentSpanId="1",
        name=f"chat {model}",
        serviceName="assistant",
        entityName="helper",
        attributes={"gen_ai.request.model": model, "gen_ai.usage.input_tokens": 10, "gen_ai.usage.cost": cost},
    )


SPANS = [
    a_span("quick", "1", 60, 1),
    a_span("slow", "1", 45, 9, name="checkout"),
    a_span("broken", "1", 40, 2, name="pay", errorInfo={"message": "Card declined\nby the bank"}),
    a_span("broken", "2", 40, 1, parentSpanId="1", name="charge", statusCode="ERROR", statusMessage="402"),
    a_span("asked", "1", 30, 3, name="answer", serviceName="assistant"),
    a_call("asked", "small-model", 0.25),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    """Return a server of a few traces; tests that write take one of their own."""
    with serving("--db", ":memory:") as server:
        assert "errors" not in server.ask(WRITE, {"spans": SPANS})
        yield server


def done_by(*command: str | Path, url: str = "", token: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a program to its end, with the address of a server and a token in its environment."""
    environment = {**os.environ, "SPANWELL_URL": url, "SPANWELL_TOKEN": token}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)


def test_every_failed_span_is_read_in_python(server: Running) -> None:
    done = done_by(sys.executable, QUERY / "plain_python.py", f"{server.url}/graphql", "24")
    *lines, last = done.stdout.splitlines()
    assert [line.split("\t")[1:] for line in lines] == [["shop", "charge", "402"], ["shop", "pay", "Card declined"]]
    assert last == "2 failed spans"


def test_python_reads_page_after_page(tmp_path: Path, server: Running) -> None:
    text = (QUERY / "plain_python.py").read_text("utf-8")
    script = tmp_path / "small_pages.py"
    script.write_text(text.replace("first: 500", "first: 1"))
    assert script.read_text() != text
    assert done_by(sys.executable, script, f"{server.url}/graphql").stdout.endswith("2 failed spans\n")


def test_python_ends_with_the_servers_own_sentence(tmp_path: Path, server: Running) -> None:
    script = tmp_path / "wrong.py"
    script.write_text((QUERY / "plain_python.py").read_text("utf-8").replace("statusMessage", "statusMessages", 1))
    done = done_by(sys.executable, script, f"{server.url}/graphql")
    assert done.returncode == 1
    assert "Did you mean 'statusMessage'" in done.stderr


class Busy(BaseHTTPRequestHandler):
    """A server that is busy at first."""

    refused = 0

    def do_POST(self) -> None:
        """Refuse once, then answer that nothing failed."""
        self.rfile.read(int(self.headers["content-length"]))
        type(self).refused += 1
        self.send_response(503 if self.refused == 1 else 200)
        self.send_header("retry-after", "0")
        self.end_headers()
        page = {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
        self.wfile.write(json.dumps({"data": {"spans": page}}).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
        """Say nothing."""


def test_python_asks_a_busy_server_again() -> None:
    with HTTPServer(("127.0.0.1", 0), Busy) as busy:
        threading.Thread(target=busy.serve_forever, daemon=True).start()
        done = done_by(sys.executable, QUERY / "plain_python.py", f"http://127.0.0.1:{busy.server_port}/graphql")
        busy.shutdown()
    assert done.stdout == "0 failed spans\n"
    assert Busy.refused == 2


def in_shell(url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the shell script, or skip where jq is missing; where everything must be proved, that is a failure."""
    if not shutil.which("jq"):
        missing = "there is no jq: `apt-get install jq` brings it"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    return done_by("sh", QUERY / "curl_jq.sh", *arguments, url=url)


def test_the_shell_lists_saves_and_deletes_traces(server: Running) -> None:
    assert in_shell(server.url, "slow").stdout.splitlines()[0] == "slow\t9000\t1 spans\t0 failed\tcheckout"
    saved = json.loads(in_shell(server.url, "save", "broken").stdout)
    assert saved["name"] == "pay"
    assert {span["name"] for span in saved["spans"]["nodes"]} == {"pay", "charge"}
    server.ask(WRITE, {"spans": [a_span('to "go"', "1", 1, 1)]})
    assert in_shell(server.url, "delete", 'to "go"').stdout == "deleted 1 trace, 1 spans\n"


@pytest.mark.parametrize("arguments", [("save", "nosuch"), ("save", ""), ("save",), ("what",)])
def test_the_shell_fails_aloud(server: Running, arguments: tuple[str, ...]) -> None:
    done = in_shell(server.url, *arguments)
    assert done.returncode != 0
    assert not done.stdout
    assert done.stderr


def test_the_shell_fails_where_no_server_is() -> None:
    assert in_shell("http://127.0.0.1:1", "slow").returncode != 0


def test_the_notebook_works_out_costs_changes_and_differences(tmp_path: Path, server: Running) -> None:
    notebook = json.loads((QUERY / "statistics.ipynb").read_text("utf-8"))
    assert all(not cell.get("outputs") for cell in notebook["cells"])  # what somebody saw is theirs
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    shown = [cell.splitlines()[-1] for cell in cells[1:]]
    assert shown == ["cost_by_day", "change", "difference"]
    script = tmp_path / "notebook.py"
    show = "\n".join(f"print({name}.write_json())" for name in shown)
    script.write_text("\n\n".join([*cells, show]))
    done = done_by(sys.executable, "-W", "error", script, url=server.url)
    assert done.returncode == 0, done.stderr
    cost, change, difference = map(json.loads, done.stdout.splitlines())
    assert sum(day["small-model"] for day in cost) == pytest.approx(0.25)
    assert {row["service"]: row["count"] for row in change} == {"shop": 4, "assistant": 2}
    assert {row["service"] for row in difference} == {"shop", "assistant"}
    assert difference[0]["slow"] == 1


@pytest.fixture
def room() -> Iterator[tuple[str, "Queue[str]"]]:
    """Return the address of a chat room, which refuses its first message, and the messages that it took."""
    taken = Queue[str]()
    refused = list[str]()

    class Room(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = json.loads(self.rfile.read(int(self.headers["content-length"])))["text"]
            assert self.headers["authorization"] is None  # the token is the server's alone
            self.send_response(200 if refused else 502)
            (taken.put if refused else refused.append)(text)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Room) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", taken
        server.shutdown()


@contextmanager
def alerting(server: Running, room: str, cursor: Path) -> Generator[None]:
    """Run the alert until the block ends, and everything that failed is behind its cursor."""
    command = [sys.executable, str(QUERY / "alert.py"), f"{server.url}/graphql", room, str(cursor)]
    environment = {**os.environ, "SPANWELL_TOKEN": "s3cret"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as running:
        try:
            assert running.stdout is not None
            assert running.stdout.readline() == "listening\n"
            yield
            until = time.monotonic() + 20
            while failures_behind(server, cursor) and time.monotonic() < until:
                time.sleep(0.05)
        finally:
            running.kill()


def failures_behind(server: Running, cursor: Path) -> list[Any]:
    """Return the failed spans that stand behind a cursor."""
    query = "query ($after: String) { changes(after: $after, filter: {status: {eq: ERROR}}) { spans { spanId } } }"
    found: list[Any] = server.ask(query, {"after": cursor.read_text()})["data"]["changes"]["spans"]
    return found


def test_an_alert_is_sent_for_each_trace_that_fails_also_while_nobody_listened(
    tmp_path: Path, room: tuple[str, "Queue[str]"]
) -> None:
    address, messages = room
    with serving("--db", ":memory:") as server:
        said = f"shop: pay failed: Card declined\n{server.url}/#/trace/"
        with alerting(server, address, tmp_path / "cursor"):
            server.ask(WRITE, {"spans": failure("first")})
            assert messages.get(timeout=20) == f"{said}first"
        server.ask(WRITE, {"spans": failure("second")})
        with alerting(server, address, tmp_path / "cursor"):
            assert messages.get(timeout=20) == f"{said}second"
    assert messages.empty()


def failure(trace_id: str) -> list[dict[str, object]]:
    """Return two spans of a trace, of which one passes on the failure of the other."""
    info = {"errorInfo": {"message": "Card declined"}, "name": "pay"}
    return [a_span(trace_id, "1", 1, 1, **info), a_span(trace_id, "2", 1, 1, parentSpanId="1", **info)]


@pytest.fixture
def door() -> Iterator[tuple[str, list[str]]]:
    """Return the address of a server that refuses everybody, and what tokens it was shown."""
    shown = list[str]()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            shown.append(self.headers["authorization"])
            self.send_response(401)
            self.end_headers()
            self.wfile.write(b'{"errors": [{"message": "This token is not known."}]}')

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", shown
        server.shutdown()


def test_a_token_is_shown_as_a_bearer_token(door: tuple[str, list[str]]) -> None:
    url, shown = door
    for command in (
        (sys.executable, QUERY / "plain_python.py", f"{url}/graphql"),
        ("sh", QUERY / "curl_jq.sh", "slow"),
    ):
        done = done_by(*command, url=url, token="s3 cret")  # noqa: S106 - of no server
        assert done.returncode != 0
        assert "This token is not known." in done.stderr
    assert shown == ["Bearer s3 cret"] * 2


def targets() -> list[Any]:
    """Return what Grafana's panels ask, each with its panel's title as id."""
    panels = json.loads((EXAMPLES / "grafana" / "dashboard.json").read_text("utf-8"))["panels"]
    return [pytest.param(target, id=panel["title"]) for panel in panels for target in panel["targets"]]


def picked(value: Any, path: str) -> Any:
    """Return what a path of Grafana's data source selects: names of fields and places in lists, with dots between."""
    for part in path.split("."):
        value = value[int(part)] if part.isdigit() else value[part]
    return value


@pytest.mark.parametrize("target", targets())
def test_a_panel_of_grafana_gets_rows_with_all_its_columns(server: Running, target: dict[str, Any]) -> None:
    now = datetime.now(UTC)
    query = target["url_options"]["body_graphql_query"]
    for name, moment in (("__from", now - timedelta(hours=2)), ("__to", now)):
        assert f"${{{name}:date:iso}}" in query
        query = query.replace(f"${{{name}:date:iso}}", moment.isoformat(timespec="milliseconds"))
    answer = server.ask(query)
    assert "errors" not in answer
    rows = picked(answer, target["root_selector"])
    assert len(rows) >= 2 or target["format"] == "table"
    types: dict[str, tuple[type, ...]] = {"number": (int, float), "string": (str,), "timestamp": (str,)}
    for column in target["columns"]:
        values = [value for value in (picked(row, column["selector"]) for row in rows) if value is not None]
        assert values, column
        assert all(isinstance(value, types[column["type"]]) for value in values), column


@pytest.mark.parametrize("folder", ["query"])
def test_every_file_of_a_folder_is_listed(folder: str) -> None:
    listed = set(re.findall(r"^\| \[(.*?)\]", (EXAMPLES / folder / "README.md").read_text("utf-8"), re.MULTILINE))
    assert listed == {path.name for path in (EXAMPLES / folder).iterdir() if path.name != "README.md"}


def test_every_folder_of_examples_is_listed() -> None:
    listed = set(re.findall(r"\]\((\w+)/README\.md\)", (EXAMPLES / "README.md").read_text("utf-8")))
    assert listed == {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
