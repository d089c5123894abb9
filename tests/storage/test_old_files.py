"""A file of every version that there was answers as one that was written today, and is copied before it is changed."""

import asyncio
import gzip
import json
import logging
import signal
import subprocess
import sys
from asyncio import Runner
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import orjson
import pytest

from spanwell.graphql.execution.executor import Execution
from spanwell.graphql.execution.prepared import GraphQLRequest
from spanwell.graphql.library import core_schema
from spanwell.graphql.resolvers.context import Context
from spanwell.graphql.schema import schema
from spanwell.observability.model.errors import StorageUnavailable
from spanwell.observability.questions.conditions import ALWAYS
from spanwell.observability.service import Observability
from spanwell.observability.storage import ObservabilityStorage
from spanwell.storage import open_storage
from spanwell.storage.duckdb import migrations, opening
from spanwell.storage.duckdb.upkeep.checking import check_store
from tests.running import ROOT, serving

from .old_files import REQUESTS
from .test_files import FILES, columns_of, opened

FROM_SERVERS = range(2, migrations.CURRENT)
"""The versions whose files hold what `old_files` sends; version 1 was before there was a server."""

_FIELDS = """
    traceId spanId parentSpanId name type kind isEvent startedAt endedAt durationMs status statusMessage errorInfo
    hasChildError input output metadata attributes resource tags links events userId sessionId threadId environment
    serviceName model provider inputTokens outputTokens totalTokens costUsd isRoot"""
_QUESTIONS = (
    f"{{ spans(first: 99, orderBy: {{field: STARTED_AT, direction: ASC}}) {{ totalCount nodes {{ {_FIELDS} }} }} }}",
    """{ traces(first: 99) { nodes {
        traceId name startedAt endedAt durationMs status spanCount errorCount hasError orphanCount services
        inputTokens outputTokens totalTokens costUsd tags sessionId userId threadId environment
        rootSpan { spanId } } } }""",
    """{ spans(filter: {ancestor: {some: {name: {eq: "root"}}}, descendant: {some: {hasChildError: {eq: false}}}}) {
        nodes { traceId spanId } } }""",
    '{ spans(filter: {attributes: [{key: "a.b", number: {gt: 1}}]}) { nodes { spanId } } }',
    '{ spans(filter: {attributes: [{key: "gen_ai.request.model", string: {eq: "m"}}]}) { nodes { spanId } } }',
    '{ spans(filter: {search: "\\"b\\" "}) { nodes { spanId } } }',
    '{ traceStats(groupBy: [{field: "status"}]) { keys count totalTokens costUsd } }',
)


def ask(runner: Runner, storage: ObservabilityStorage, query: str, variables: Any = None) -> Any:
    """Return the answer to a request."""
    execution = Execution(core_schema(schema))
    prepared = execution.prepare(GraphQLRequest(query, variables=variables or {}))
    answer = runner.run(execution.execute(prepared, Context(Observability(storage))))
    assert answer.failures == []
    return json.loads(orjson.dumps(answer.data))


@cache
def todays_answers() -> list[Any]:
    """Return what a store answers that was written by today's code."""
    storage = open_storage(":memory:")
    with Runner() as runner:
        runner.run(storage.init())
        for query, variables in REQUESTS:
            ask(runner, storage, query, variables)
        answers = [ask(runner, storage, question) for question in _QUESTIONS]
        runner.run(storage.close())
    return answers


def old_file(version: int, folder: Path) -> Path:
    path = folder / "spans.duckdb"
    path.write_bytes(gzip.decompress((FILES / f"version{version}.duckdb.gz").read_bytes()))
    return path


def version_of(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as file:
        ((version,),) = file.execute("SELECT version FROM spanwell_schema").fetchall()
    return int(version)


def test_there_is_a_file_of_every_version() -> None:
    assert [(FILES / f"version{version}.duckdb.gz").exists() for version in range(1, migrations.CURRENT)] == (
        [True] * (migrations.CURRENT - 1)
    )


@pytest.mark.parametrize("version", FROM_SERVERS)
def test_a_file_of_any_version_answers_as_one_of_today(version: int, tmp_path: Path) -> None:
    path = old_file(version, tmp_path)
    with opened(path) as (runner, storage):
        for question, answer in zip(_QUESTIONS, todays_answers(), strict=True):
            assert ask(runner, storage, question) == answer, question
        ask(runner, storage, *REQUESTS[0])
        assert ask(runner, storage, "{ spans { totalCount } }") == {"spans": {"totalCount": 12}}
    assert check_store(str(path)).problems == []
    assert version_of(path) == migrations.CURRENT


@pytest.mark.parametrize("version", range(1, migrations.CURRENT))
def test_a_file_of_any_version_has_the_schema_of_today(version: int, tmp_path: Path) -> None:
    path, new = old_file(version, tmp_path), tmp_path / "new.duckdb"
    for each in (path, new):
        with opened(each):
            pass
    assert columns_of(path) == columns_of(new)


def test_the_file_is_copied_as_it_was_and_every_step_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "spanwell")
    path = old_file(5, tmp_path)
    copy = opening.old_path(str(path), 5)
    copy.write_text("half of an attempt that was interrupted")
    with opened(path):
        pass
    assert (version_of(path), version_of(copy)) == (migrations.CURRENT, 5)
    assert check_store(str(copy)).spans == 12
    assert f"{path} has schema version 5; migrating it to {migrations.CURRENT}." in caplog.messages
    assert f"Migrating the tables to version 6 of {migrations.CURRENT}." in caplog.messages
    with opened(path):
        pass
    assert sum("migrating it" in message for message in caplog.messages) == 1


def test_how_far_it_is_is_told_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "spanwell")
    monkeypatch.setattr(migrations, "_TELLING", 0)
    monkeypatch.setattr(migrations, "_AT_ONCE", 1)
    with opened(old_file(7, tmp_path)):
        pass
    assert "Migrated 2 of 4 traces." in caplog.messages


def test_without_room_for_a_copy_nothing_is_changed_unless_none_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = old_file(9, tmp_path)
    before = path.read_bytes()

    def full(*_: object) -> int:
        raise StorageUnavailable("There is no room.")

    monkeypatch.setattr(opening, "copy_store", full)
    with pytest.raises(StorageUnavailable, match=r"There is no room\. Free some space, or .* `--no-upgrade-backup`"):
        asyncio.run(open_storage(str(path)).init())
    assert path.read_bytes() == before
    with serving("--db", str(path), "--no-upgrade-backup") as server:
        assert server.ask("{ spans { totalCount } }") == {"data": {"spans": {"totalCount": 12}}}
    assert [file.name for file in tmp_path.iterdir()] == ["spans.duckdb"]


_DYING = """
import asyncio, os, sys
from spanwell.storage import open_storage
from spanwell.storage.duckdb import migrations
left = int(sys.argv[2])
class Dying:
    def __init__(self, cursor): self.cursor = cursor
    def __getattr__(self, name):
        global left
        left -= 1
        if not left: os.kill(os.getpid(), 9)
        return getattr(self.cursor, name)
migrate = migrations.migrate
from spanwell.storage.duckdb import opening
opening.migrate = lambda cursor, *rest: migrate(Dying(cursor), *rest)
asyncio.run(open_storage(sys.argv[1]).init())
"""


@pytest.mark.parametrize("call", [6, 30, 50])
def test_a_step_that_a_kill_interrupts_starts_again(call: int, tmp_path: Path) -> None:
    path = old_file(4, tmp_path)
    died = subprocess.run([sys.executable, "-c", _DYING, path, str(call)], cwd=ROOT, check=False, timeout=60)
    assert died.returncode == -signal.SIGKILL
    assert version_of(path) == 4
    with opened(path) as (runner, storage):
        assert runner.run(storage.count_spans(ALWAYS)) == 12
    assert version_of(path) == migrations.CURRENT


class _Failing:
    """A connection of which one method does what it should, and then fails."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, method: str) -> None:
        self._connection = connection
        self._method = method

    def __getattr__(self, name: str) -> Any:
        return self._fail if name == self._method else getattr(self._connection, name)

    def _fail(self, *arguments: Any) -> NoReturn:
        getattr(self._connection, self._method)(*arguments)
        raise duckdb.IOException("It failed.")


@pytest.mark.parametrize(("method", "stays"), [("begin", False), ("commit", True)])
def test_a_copy_stays_unless_the_file_is_known_to_be_as_it_was(
    method: str, *, stays: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, migrate = old_file(9, tmp_path), migrations.migrate

    def fail(connection: duckdb.DuckDBPyConnection, *rest: Any) -> None:
        failing: Any = _Failing(connection, method)
        migrate(failing, *rest)

    monkeypatch.setattr(opening, "migrate", fail)
    with pytest.raises(StorageUnavailable):
        asyncio.run(open_storage(str(path)).init())
    assert opening.old_path(str(path), 9).exists() == stays
    assert version_of(path) == (migrations.CURRENT if stays else 9)
