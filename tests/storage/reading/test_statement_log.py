"""Statements that take long are logged: their text, their plan if that is wanted, and never their values."""

import logging
from typing import Any

import duckdb
import pytest

from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.statement_log import SILENT, StatementLog, timed

ASKED = Sql("SELECT x FROM things WHERE name = ? AND x > ?", ("secret", 31_415))


def fields(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [record.__dict__["fields"] for record in caplog.records]


def run(slow: StatementLog, caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    with caplog.at_level(logging.WARNING), duckdb.connect() as cursor, slow.watched():
        cursor.execute("CREATE TABLE things AS SELECT range AS x, ['a', 'z'][range % 2 + 1] AS name FROM range(100000)")
        with timed(cursor, ASKED):
            cursor.execute(ASKED.text, ASKED.values)
    return fields(caplog)


@pytest.mark.parametrize("slow", [SILENT, StatementLog(60)])
def test_what_is_quick_is_not_logged(slow: StatementLog, caplog: pytest.LogCaptureFixture) -> None:
    assert run(slow, caplog) == []


def test_what_is_slow_is_logged_without_its_values(caplog: pytest.LogCaptureFixture) -> None:
    (about,) = run(StatementLog(1e-9), caplog)
    assert about["sql"] == ASKED.text
    assert "plan" not in about


def test_its_plan_names_what_is_read(caplog: pytest.LogCaptureFixture) -> None:
    (about,) = run(StatementLog(1e-9, plans=True), caplog)
    assert "SEQ_SCAN memory.main.things ~" in about["plan"]
    assert "secret" not in str(about)
    assert "31415" not in str(about)


def test_what_is_stopped_is_logged_and_a_plan_that_fails_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    slow = StatementLog(1e-9, plans=True)
    with caplog.at_level(logging.WARNING), duckdb.connect() as cursor, slow.watched():
        with pytest.raises(duckdb.Error), timed(cursor, ASKED):
            cursor.execute(ASKED.text, ASKED.values)
        with timed(cursor, ASKED):
            pass
    assert ["plan" in about for about in fields(caplog)] == [False, False]
