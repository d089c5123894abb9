"""Every block of the README and of the pages it links to is true.

A graphql block is sent to a server, and the json block after it is its answer; a page's blocks share one store. Set
SPANWELL_WRITE_ANSWERS to write the real answers into the pages.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from asyncio import Runner
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from spanwell.app import create_app
from spanwell.graphql.library import core_schema
from spanwell.graphql.schema import schema
from spanwell.observability.conventions.prices import read_prices
from spanwell.options import settings_table
from spanwell.settings import Settings
from spanwell.storage import open_storage
from tests.frontend.__main__ import STEPS

from .running import serving, spanwell

ROOT = Path(__file__).parents[1]
QUESTION = re.compile(r"```graphql\n(.*?)```\n(?:\n```json\n(.*?)```\n)?", re.DOTALL)
COMMAND = re.compile(r"```sh\ncurl .*? -d '(.*?)'\n```\n\n```json\n(.*?)```\n", re.DOTALL)


@contextmanager
def server() -> Generator[Callable[[str], Any]]:
    """Give a function that sends a request's body to a fresh server and returns the answer."""
    with Runner() as runner:
        storage = open_storage(":memory:")
        runner.run(storage.init())
        transport = httpx.ASGITransport(create_app(Settings(), storage))
        client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
        sent = {"content-type": "application/json"}
        yield lambda body: runner.run(client.post("/graphql", content=body, headers=sent)).json()
        runner.run(client.aclose())
        runner.run(storage.close())


def written(answer: Any, indent: str = "") -> str:
    """Return an answer as a page shows it: what fits stands on one line."""
    line = json.dumps(answer, ensure_ascii=False)
    if len(indent) + len(line) <= 100 or not isinstance(answer, dict | list) or not answer:
        return line
    deeper = indent + "  "
    if isinstance(answer, list):
        inner = (written(value, deeper) for value in answer)
        return f"[\n{deeper}" + f",\n{deeper}".join(inner) + f"\n{indent}]"
    members = (f"{json.dumps(key)}: {written(value, deeper)}" for key, value in answer.items())
    return f"{{\n{deeper}" + f",\n{deeper}".join(members) + f"\n{indent}}}"


def answered(page: str, ask: Callable[[str], Any]) -> str:
    """Return a page with the real answer after each of its questions."""
    page = COMMAND.sub(lambda m: m[0].replace(m[2], written(ask(m[1])) + "\n"), page)

    def answer(question: re.Match[str]) -> str:
        found = ask(json.dumps({"query": question[1]}))
        return f"```graphql\n{question[1]}```\n\n```json\n{written(found)}\n```\n"

    return QUESTION.sub(answer, page)


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "docs/filters.md",
        "docs/live.md",
        "docs/exploring.md",
        "docs/statistics.md",
        "docs/scores.md",
        "docs/writing.md",
    ],
)
def test_every_question_has_the_answer_that_the_page_shows(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    with server() as ask:
        real = answered(page, ask)
    if os.environ.get("SPANWELL_WRITE_ANSWERS"):
        (ROOT / name).write_text(real, encoding="utf-8")
    assert real == page or os.environ.get("SPANWELL_WRITE_ANSWERS")
    assert QUESTION.findall(page)


def test_the_page_of_settings_shows_every_one_as_it_is_declared() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- settings -->\n(.*?)\n<!-- /settings -->", page, re.DOTALL)
    assert shown is not None
    assert shown[1] == settings_table()


def test_the_table_of_prices_in_the_page_of_statistics_is_one(tmp_path: Path) -> None:
    (shown,) = re.findall(
        r"```toml\n(.*?)```", (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (tmp_path / "prices.toml").write_text(shown, encoding="utf-8")
    usage: dict[str, Any] = {"model": "my-model", "input_tokens": 2_000_000, "total_tokens": 2_000_000}
    usage["cache_write_input_tokens"] = 1_000_000
    read_prices(tmp_path / "prices.toml").add_cost(usage)
    assert usage["cost_usd"] == 2.5 + 3.125


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        (
            "README.md",
            {"sh run", "sh test", "sh", "graphql", "json"},
        ),
        ("docs/performance.md", {"sh speed"}),
        ("CONTRIBUTING.md", {"sh slow", "sh frontend", "sh benchmark"}),
        ("docs/filters.md", {"graphql", "json"}),
        ("docs/live.md", {"graphql", "json", "js", "sh follow"}),
        ("docs/exploring.md", {"graphql", "json"}),
        ("docs/statistics.md", {"graphql", "json", "toml"}),
        ("docs/scores.md", {"graphql", "json"}),
    ],
)
def test_no_block_of_a_page_goes_unproved(name: str, kinds: set[str]) -> None:
    """Each kind has its test in this module, which finds a plain `sh` or `json` block by what stands around it."""
    page = (ROOT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"^```(.+)$", page, re.MULTILINE)) == kinds
    assert page.count("```sh\n") == len(COMMAND.findall(page))
    assert page.count("```json\n") == len(COMMAND.findall(page)) + sum(
        bool(shown) for _, shown in QUESTION.findall(page)
    )


@pytest.mark.skipif(shutil.which("curl") is None, reason="the README's command for a first span needs curl")
def test_the_first_span_is_sent_by_curl_as_the_readme_shows() -> None:
    """The command runs as it stands, but for the port: the server of the test takes a free one."""
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    found = COMMAND.search(page)
    assert found is not None
    command = found[0].removeprefix("```sh\n").partition("\n```")[0]
    with serving("--db", ":memory:") as server:
        here = command.replace("http://127.0.0.1:8000/", f"{server.url}/")
        assert here != command
        sent = subprocess.run(["sh", "-c", here], capture_output=True, text=True, check=True)  # noqa: S607 - whichever shell there is
        assert json.loads(sent.stdout) == json.loads(found[2])
        answer = server.ask('{ trace(traceId: "hello") { spanCount } }')
    assert answer == {"data": {"trace": {"spanCount": 1}}}


@pytest.mark.skipif(shutil.which("curl") is None, reason="the command that follows spans needs curl")
def test_curl_follows_spans_as_the_page_on_live_tail_shows() -> None:
    page = (ROOT / "docs/live.md").read_text(encoding="utf-8")
    command = page.partition("```sh follow\n")[2].partition("\n```")[0]
    with serving("--db", ":memory:") as server:
        here = "exec " + command.replace("http://127.0.0.1:8000/", f"{server.url}/")
        with subprocess.Popen(["sh", "-c", here], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as curl:  # noqa: S607 - whichever shell there is
            assert curl.stdout is not None
            assert curl.stdout.readline() == b":\n"
            curl.stdout.readline()
            time.sleep(0.5)  # it may only just have subscribed
            server.ask(
                'mutation { createSpan(span: {traceId: "t", spanId: "s", name: "seen", '
                'startedAt: "2026-01-31T09:30:00Z"}) { span { name } } }'
            )
            assert curl.stdout.readline() == b"event: next\n"
            assert b'"name":"seen"' in curl.stdout.readline()
            curl.kill()


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "docs/filters.md",
        "docs/live.md",
        "docs/exploring.md",
        "docs/statistics.md",
        "docs/performance.md",
        "docs/decisions/performance.md",
        "docs/operations.md",
        "CONTRIBUTING.md",
        "frontend_examples/README.md",
        *sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("frontend_examples/*/README.md")),
    ],
)
def test_every_link_to_a_file_leads_somewhere(name: str) -> None:
    page = ROOT / name
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
JOURNEYS = [(path, name) for path, name in re.findall(r"`server/spanwell/([\w/]+)\.py`,\s+`([\w.]+)`", PAGE)]


@pytest.mark.parametrize(("path", "name"), JOURNEYS)
def test_a_step_of_the_journeys_is_what_stands_in_its_module(path: str, name: str) -> None:
    there: Any = import_module(f"spanwell.{path.replace('/', '.')}")
    for part in name.split("."):
        there = getattr(there, part)
    assert callable(there)


@pytest.mark.parametrize(
    ("kind", "field", "module", "name"),
    [
        ("Query", "traces", "graphql.resolvers.queries", "traces"),
        ("Mutation", "batchCreateSpans", "graphql.fast.batch_mutations", "_create"),
        ("Mutation", "batchUpdateSpans", "graphql.fast.batch_mutations", "_update"),
    ],
)
def test_the_schema_answers_with_the_function_that_a_journey_names(
    kind: str, field: str, module: str, name: str
) -> None:
    definition: Any = core_schema(schema).type_map[kind]
    resolver = definition.fields[field].resolve
    strawberry_field = definition.fields[field].extensions["strawberry-definition"]
    named = getattr(import_module(f"spanwell.{module}"), name)
    assert named in {resolver, strawberry_field.base_resolver.wrapped_func}
    assert kind != "Mutation" or named is resolver
    assert len(JOURNEYS) >= 14


def block(kind: str, page: str = "README.md") -> str:
    """Return the only block of some kind in a page."""
    (found,) = re.findall(rf"```sh {kind}\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    return str(found).strip()


def test_the_command_that_sets_up_and_runs_the_server_does() -> None:
    """The environment it makes is the one that runs this test; from there on the command runs as it stands."""
    setup, start, serve = block("run").split(" && ")
    assert setup == "python3 -m venv .venv"
    assert start == ".venv/bin/pip install -q -c requirements.lock ."
    program, command, *arguments = serve.split()
    assert (program, command) == (".venv/bin/spanwell", "serve")
    with serving(*arguments) as server:
        answer = server.ask("{ traces { totalCount } }")
    assert answer["data"]["traces"]["totalCount"] > 0


def test_the_command_that_passes_the_tests_is_the_one_that_ci_runs() -> None:
    assert block("test").endswith("-e . --group dev && .venv/bin/python -m tests")
    assert "/^```sh test/" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_slow_lanes_exist() -> None:
    (variable, python, *arguments), *others = (
        shlex.split(line, comments=True) for line in block("slow", "CONTRIBUTING.md").splitlines()
    )
    assert (variable.partition("=")[0], python) == ("SPANWELL_FILTER_CHECKS", ".venv/bin/python")
    done = subprocess.run(
        [sys.executable, *arguments, "--collect-only", "-q"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "test_conditions_on_spans" in done.stdout
    for python, *lane in others:
        assert python == ".venv/bin/python"
        command = [sys.executable, *lane, "--help"]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
        assert told.stdout.startswith("usage:"), lane


def test_the_benchmarks_are_the_command_that_the_page_shows() -> None:
    """They take an hour, so only their options are looked at here."""
    python, *arguments = shlex.split(block("speed", "docs/performance.md"))
    assert python == ".venv/bin/python"
    module = arguments[: arguments.index("--size")]
    options = subprocess.run([sys.executable, *module, "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert arguments[-1] in options.stdout


def test_the_lane_that_needs_node_is_what_the_page_calls() -> None:
    """It takes packages from a registry, so only its pieces are looked at here."""
    assert block("frontend", "CONTRIBUTING.md") == ".venv/bin/python -m tests.frontend"
    for folder, (command, script, *_) in STEPS:
        package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        assert command == "ci" or script in package["scripts"]
        lock = (folder / "package-lock.json").read_text(encoding="utf-8")
        assert '"resolved"' not in lock, "a lock file that names a registry binds everybody to it"


def test_the_benchmark_of_filters_prints_its_table(tmp_path: Path) -> None:
    python, *arguments, store = shlex.split(block("benchmark", "CONTRIBUTING.md"))
    assert (python, store) == (".venv/bin/python", "spanwell.duckdb")
    db = str(tmp_path / store)
    assert spanwell("demo", "--traces", "50", "--db", db).returncode == 0
    done = subprocess.run([sys.executable, *arguments, db], cwd=ROOT, capture_output=True, text=True, check=False)
    heading, *rows = done.stdout.splitlines()
    assert heading.split()[-5:] == ["ms", "store", "ratio", "server", "ratio"]
    assert len(rows) >= 12
    assert all(float(figure) > 0 for row in rows for figure in row.split()[-5:])


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page on exports shows curl")
def test_every_tool_reads_exports_as_the_page_shows(tmp_path: Path) -> None:
    """DuckDB reads files of what its addresses answer with: its extension for HTTP would come over the network."""
    page = (ROOT / "docs/export.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"```([^\n]+)\n(.*?)```\n", page, re.DOTALL))
    db = tmp_path / "a.duckdb"
    assert spanwell("demo", "--traces", "50", "--db", str(db)).returncode == 0
    with serving("--db", str(db)) as running, duckdb.connect() as connection:
        here = {name: block.replace("http://127.0.0.1:8000", running.url) for name, block in blocks.items()}
        assert set(here) == {"sh export", "sql duckdb", "python pandas", "python polars", "sh command"}
        shown = subprocess.run(["sh", "-ec", here["sh export"]], capture_output=True, text=True, check=True)  # noqa: S607 - as above
        assert shown.stdout.startswith("name,status,durationMs\n")
        assert "traceId,name,startedAt\n" in shown.stdout
        for statement in here["sql duckdb"].split(";")[:-1]:
            assert connection.execute(read_from_files(statement, tmp_path)).fetchall()
        for name in ("python pandas", "python polars"):
            done = subprocess.run([sys.executable, "-c", here[name]], capture_output=True, text=True, check=True)
            assert "serviceName" in done.stdout or "costUsd" in done.stdout
        for command in here["sh command"].splitlines():
            done = spanwell(*shlex.split(command.replace("failed.parquet", str(tmp_path / "failed.parquet")))[1:])
            assert done.returncode == 0, done.stderr


def read_from_files(statement: str, folder: Path) -> str:
    """Return SQL that reads files in place of addresses."""

    def kept(address: re.Match[str]) -> str:
        file = folder / f"{len(list(folder.iterdir()))}.parquet"
        file.write_bytes(httpx.get(address[1]).raise_for_status().content)
        return f"'{file}'"

    return re.sub(r"'(http:[^']+)'", kept, statement)
