"""Reads all of a store, and checks its tables against each other."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from spanwell.observability.derivation.places import PLACES
from spanwell.observability.model.errors import StorageUnavailable
from spanwell.storage.duckdb.files.mark import check_log
from spanwell.storage.duckdb.tables.columns import HEADS
from spanwell.storage.duckdb.tables.connection import attach, check_place, connect, cursor_of, detach, told

_READ = [f"SELECT count(*), bit_xor(hash({table})) FROM {table}" for table in ("spans", "traces")]
"""Reads every value, so that the checksum of every block is verified."""

_RULES = {
    "traces whose spans are not as many as they say": """
        SELECT count(*) FROM (SELECT trace_id, span_count FROM traces) AS t
        FULL JOIN (SELECT trace_id, count(*) AS found FROM spans GROUP BY trace_id) AS s USING (trace_id)
        WHERE t.span_count IS DISTINCT FROM s.found""",
    "spans that are there twice": "SELECT count(*) - count(DISTINCT (trace_id, span_id)) FROM spans",
    "traces that are there twice": "SELECT count(*) - count(DISTINCT trace_id) FROM traces",
}


@dataclass(frozen=True)
class Checked:
    """The content of a store, and its problems."""

    version: int
    spans: int
    traces: int
    problems: list[str]


def check_store(db: str) -> Checked:
    """Read all of a store without changing it. Raises `StorageUnavailable` if it cannot be read."""
    with reading(db) as cursor, told(db):
        ((version,),) = cursor.execute("SELECT max(version) FROM spanwell_schema").fetchall()
        spans, traces = (cursor.execute(statement).fetchall()[0][0] for statement in _READ)
        rules = {**_RULES, "traces that differ from their root span": _differing_heads(cursor)}
        found = [(cursor.execute(rule).fetchall()[0][0], what) for what, rule in rules.items()]
    return Checked(version, spans, traces, [f"{count:,} {what}" for count, what in found if count])


def _differing_heads(cursor: duckdb.DuckDBPyConnection) -> str:
    """Count the traces whose row is no copy of their head, in the columns that the file has.

    Places may be older than those of the span: they are made when somebody asks for them.
    """
    stored = {name for (name,) in cursor.execute("SELECT column_name FROM (DESCRIBE traces)").fetchall()}
    pairs = [(head.name, name) for name, head in HEADS.items() if name not in PLACES and head.name in stored]
    differs = " OR ".join(f'traces."{head}" IS DISTINCT FROM spans."{name}"' for head, name in pairs)
    found = "FROM traces LEFT JOIN spans ON spans.trace_id = traces.trace_id AND spans.span_id = traces.head_span_id"
    return f"SELECT count(*) {found} WHERE {differs}"


def check_readable(db: Path) -> None:
    """Raise `StorageUnavailable` if DuckDB cannot read a store and its log, or another process has it open."""
    with _attached(str(db)):
        pass


@contextmanager
def reading(db: str) -> Generator[duckdb.DuckDBPyConnection]:
    """Open a store without changing anything. Raises `StorageUnavailable`."""
    check_place(db)
    check_log(db)
    with _attached(db) as cursor:
        try:
            yield cursor
        except duckdb.CatalogException:
            raise StorageUnavailable(f"{db} is a DuckDB file that was not made by Spanwell.") from None


@contextmanager
def _attached(db: str) -> Generator[duckdb.DuckDBPyConnection]:
    root = connect(db)
    try:
        attach(root, db, "READ_ONLY")
        yield cursor_of(root)
    finally:
        detach(root)
        root.close()
