"""Logs slow statements, without their bound values, and optionally with their plan.

It can also pass every statement to the code that opened the store, as `spanwell explain` does.
"""

import logging
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import duckdb
import orjson

from spanwell.observability.model.binding import Binding
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.tracing.steps import traced_step

_log = logging.getLogger("spanwell.queries")


@dataclass(frozen=True)
class StatementLog:
    """Settings: statements that take `seconds` or longer are logged, none if that is 0. `each` receives all of them."""

    seconds: float = 0.0
    plans: bool = False
    each: Callable[[Sql], None] | None = None

    def watched(self) -> "Binding[StatementLog]":
        """Apply these settings to the statements that the block runs."""
        return Binding(_watching, self)


SILENT = StatementLog()
"""Logs none."""

_watching: ContextVar[StatementLog | None] = ContextVar("statement_log", default=SILENT)


@contextmanager
def timed(cursor: duckdb.DuckDBPyConnection, statement: Sql) -> Generator[None]:
    """Log the statement that the block runs if logging is on and it was slow, even if it was interrupted."""
    watching = _watching.get() or SILENT
    if watching.each is not None:
        watching.each(statement)
    began = time.monotonic()
    plan = None
    try:
        with traced_step("SELECT", {"db.system.name": "duckdb", "db.query.text": statement.text}):
            yield
        if watching.plans and watching.seconds and time.monotonic() - began >= watching.seconds:
            plan = _plan(cursor, statement)
    finally:
        took = time.monotonic() - began
        if watching.seconds and took >= watching.seconds:
            fields = {"seconds": round(took, 3), "sql": statement.text} | ({"plan": plan} if plan else {})
            _log.warning("A statement was slow.", extra={"fields": fields})


def _plan(cursor: duckdb.DuckDBPyConnection, statement: Sql) -> str:
    """Return the operators of a plan and their tables, without the values in filters."""
    with suppress(duckdb.Error):
        cursor.execute(f"EXPLAIN (FORMAT json) {statement.text}", statement.values)
        return _operators(orjson.loads(cursor.fetchall()[-1][-1]))
    return ""


def _operators(nodes: list[dict[str, Any]]) -> str:
    return ", ".join(_operator(node, node["extra_info"]) for node in nodes)


def _operator(node: dict[str, Any], about: dict[str, Any]) -> str:
    table = f" {about['Table']}" if "Table" in about else ""
    rows = f" ~{about['Estimated Cardinality']}" if "Estimated Cardinality" in about else ""
    inner = f" ({_operators(node['children'])})" if node["children"] else ""
    return f"{node['name'].strip()}{table}{rows}{inner}"
