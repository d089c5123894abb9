"""The schema in a file: created if the file is new, upgraded if it is older, refused if it is newer.

A released version never changes: a new one gets a step at the end of `STEPS`. Indexes and the view depend on the
tables, so they are recreated around the steps; then columns that older versions did not derive are filled in.
"""

import logging
import time
from collections.abc import Callable

import duckdb

from spanwell import __version__
from spanwell.observability.model.assessments import AssessmentKind
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.errors import StorageUnavailable
from spanwell.observability.model.trace import CONTEXT
from spanwell.storage.duckdb.conditions.sql import Sql
from spanwell.storage.duckdb.reading.readers import fetch
from spanwell.storage.duckdb.tables.columns import (
    ASSESSMENTS,
    DELETED_ASSESSMENTS,
    DELETED_TABLES,
    HEADS,
    ROLLUPS,
    SPANS,
)
from spanwell.storage.duckdb.tables.seed_view import SEED_VIEW
from spanwell.storage.duckdb.writing.known_traces import KnownTraces
from spanwell.storage.duckdb.writing.transaction import Transaction

from .stored_identifiers import rewrite_identifiers

_log = logging.getLogger(__name__)

Connection = duckdb.DuckDBPyConnection

_VERSIONS = "CREATE TABLE spanwell_schema (version INTEGER NOT NULL, written_by VARCHAR NOT NULL)"

# An index on each id used for look-ups; started_at is served by DuckDB's zone maps, and an index over two columns is
# never used for look-ups (measured).
_HANGING = (
    ("INDEX", "spans_by_trace", 'CREATE INDEX spans_by_trace ON spans ("trace_id")'),
    ("INDEX", "traces_by_id", 'CREATE INDEX traces_by_id ON traces ("trace_id")'),
    *(
        ("INDEX", f"{kind.value}_by_{by}", f'CREATE INDEX {kind.value}_by_{by} ON {kind.value} ("{column}")')
        for kind in AssessmentKind
        for by, column in (("id", kind.id_column), ("trace", "trace_id"))
    ),
    ("VIEW", "mastra_ai_spans", SEED_VIEW),
)

_PLACES = tuple(
    statement
    for table, prefix in (("spans", ""), ("traces", "head_"))
    for statement in (
        f"ALTER TABLE {table} ADD COLUMN {prefix}tree_start INTEGER DEFAULT 0",
        f"ALTER TABLE {table} ADD COLUMN {prefix}tree_end INTEGER DEFAULT 0",
        f"ALTER TABLE {table} ADD COLUMN {prefix}tree_parent INTEGER",
        f"ALTER TABLE {table} ALTER COLUMN {prefix}tree_start SET NOT NULL",
        f"ALTER TABLE {table} ALTER COLUMN {prefix}tree_end SET NOT NULL",
    )
)

_CHANGES = (
    "ALTER TABLE traces ADD COLUMN changed_at TIMESTAMP_NS DEFAULT TIMESTAMP_NS '1970-01-01'",
    "ALTER TABLE traces ALTER COLUMN changed_at SET NOT NULL",
)

_CHANGED = """
UPDATE traces SET changed_at = latest.updated_at
FROM (SELECT trace_id, max(updated_at) AS updated_at FROM spans GROUP BY trace_id) AS latest
WHERE traces.trace_id = latest.trace_id
"""
"""A substitute for the time of a trace's last change, which versions 1 and 2 did not store."""

_SPACES = tuple(
    f"UPDATE {table} SET {name} = ltrim({name}, E' \\t\\r\\n') WHERE CAST({name} AS VARCHAR) < '!'"
    for table, name in (("spans", "attributes"), ("traces", "head_attributes"))
)
"""Since version 4, attributes that begin with a space are shortened ones (see `tables.shared_text`)."""

_MEASURES = (
    *(
        f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {prefix}{column}"
        for table, prefix in (("spans", ""), ("traces", "head_"))
        for column in (
            "cache_write_input_tokens INTEGER",
            "audio_input_tokens INTEGER",
            "audio_output_tokens INTEGER",
            "time_to_first_token_ms DOUBLE",
            "tokens_per_second DOUBLE",
            "otlp JSON",
        )
    ),
    *(
        f"UPDATE {table} SET {prefix}otlp = {prefix}metadata->'otlp', {prefix}metadata = NULL "
        f"WHERE CAST({prefix}metadata AS VARCHAR) LIKE '{{\"otlp\":%' AND json_keys({prefix}metadata) = ['otlp']"
        for table, prefix in (("spans", ""), ("traces", "head_"))
    ),
)
"""Up to version 4, `metadata` held the OTLP data of a span that has no field of its own."""

_DELETIONS = (
    (
        "CREATE TABLE IF NOT EXISTS deletions"
        " (trace_id VARCHAR NOT NULL, span_id VARCHAR NOT NULL, changed_at TIMESTAMP_NS NOT NULL)"
    ),
)

_ASSESSMENTS = tuple(
    f"CREATE TABLE IF NOT EXISTS {kind.value} ({', '.join(stored.ddl for stored in columns.values())})"
    for kind, columns in ASSESSMENTS.items()
)

_DELETED_ASSESSMENTS = tuple(
    f"CREATE TABLE IF NOT EXISTS {DELETED_TABLES[kind]} ({', '.join(stored.ddl for stored in columns.values())})"
    for kind, columns in DELETED_ASSESSMENTS.items()
)

_KEYS = (
    (
        "CREATE TABLE IF NOT EXISTS span_keys (tenant VARCHAR NOT NULL, level VARCHAR NOT NULL,"
        " is_own BOOLEAN NOT NULL, key VARCHAR NOT NULL, type VARCHAR NOT NULL)"
    ),
    "CREATE TABLE IF NOT EXISTS span_keys_known (until TIMESTAMP_NS NOT NULL)",
)

_CONTEXT = (
    *(f"ALTER TABLE spans ADD COLUMN IF NOT EXISTS usage_{name} INTEGER" for name in ("start", "end")),
    *(f"ALTER TABLE traces ADD COLUMN IF NOT EXISTS head_usage_{name} INTEGER" for name in ("start", "end")),
    "ALTER TABLE traces ALTER COLUMN services TYPE JSON USING to_json(services)",
    "ALTER TABLE traces ADD COLUMN IF NOT EXISTS tags JSON",
    *(f"ALTER TABLE traces ADD COLUMN IF NOT EXISTS {name} VARCHAR" for name in CONTEXT),
    "ALTER TABLE traces ADD COLUMN IF NOT EXISTS is_placed BOOLEAN DEFAULT TRUE",
    "ALTER TABLE traces ALTER COLUMN is_placed SET NOT NULL",
)

_FIRST = (
    "ALTER TABLE traces ADD COLUMN IF NOT EXISTS first_started_at TIMESTAMP_NS DEFAULT TIMESTAMP_NS '1970-01-01'",
    # Not with an UPDATE: after one, DuckDB can neither constrain nor index the table in the same transaction.
    "ALTER TABLE traces ALTER COLUMN first_started_at TYPE TIMESTAMP_NS USING started_at",
    "ALTER TABLE traces ALTER COLUMN first_started_at SET NOT NULL",
)

_WITH_USAGE = " WHERE trace_id IN (SELECT trace_id FROM spans WHERE total_tokens IS NOT NULL OR cost_usd IS NOT NULL)"

_PLACED, _CHANGED_AT, _ONE_FORM, _BY_CALL = 2, 3, 6, 8
"""The versions that first knew the places of spans in their traces, when traces changed, one form of each id, and usage
by calls of models."""

STEPS: tuple[tuple[str, ...], ...] = (
    *(_PLACES, _CHANGES, _SPACES, _MEASURES, (), _DELETIONS, _CONTEXT, _FIRST),
    *(_ASSESSMENTS, _KEYS, _DELETED_ASSESSMENTS),
)
"""STEPS[n] brings version n + 1 to version n + 2."""

CURRENT = len(STEPS) + 1
"""The version of the schema that this program reads and writes."""

_AT_ONCE = 1_000
"""How many traces are upgraded together."""
_TELLING = 5.0
"""Seconds between progress messages."""


def migrate(connection: Connection, name: str, before: Callable[[int], None], at_commit: Callable[[], None]) -> None:
    """Upgrade the schema to the current version in one transaction; calls `before` with the version of an older file.

    A failure before the call of `at_commit` leaves the file unchanged; after it, the outcome is unknown.
    Raises `StorageUnavailable`.
    """
    found = _version(connection, name)
    if found == CURRENT:
        return
    if found > CURRENT:
        raise StorageUnavailable(
            f"{name} has schema version {found}, written by a newer Spanwell; this version supports up to {CURRENT}."
        )
    if found:
        before(found)
    connection.begin()
    try:
        if found == 0:
            _create(connection)
        else:
            _bring_forward(connection, found)
        connection.execute("DELETE FROM spanwell_schema")
        connection.execute("INSERT INTO spanwell_schema VALUES (?, ?)", [CURRENT, __version__])
    except BaseException:
        connection.rollback()
        raise
    at_commit()
    connection.commit()


def _create(connection: Connection) -> None:
    columns = ", ".join(stored.ddl for stored in SPANS.values())
    connection.execute(f"CREATE TABLE spans ({columns})")
    rollups = [stored.ddl for stored in ROLLUPS.values()]
    heads = [stored.ddl for stored in HEADS.values()]
    connection.execute(f"CREATE TABLE traces ({', '.join([*rollups, *heads])})")
    for statement in (_VERSIONS, *_DELETIONS, *_ASSESSMENTS, *_DELETED_ASSESSMENTS, *_KEYS):
        connection.execute(statement)
    for _, _, made in _HANGING:
        connection.execute(made)


def _bring_forward(connection: Connection, found: int) -> None:
    for kind, name, _ in _HANGING:
        connection.execute(f"DROP {kind} IF EXISTS {name}")
    for version, step in enumerate(STEPS[found - 1 :], found + 1):
        _log.info("Migrating the tables to version %s of %s.", version, CURRENT)
        for statement in step:
            connection.execute(statement)
    for _, _, made in _HANGING:
        connection.execute(made)
    if found < _CHANGED_AT:
        connection.execute(_CHANGED)
    if found < _BY_CALL:
        connection.execute("UPDATE traces SET is_placed = FALSE" + (_WITH_USAGE if found >= _PLACED else ""))
        _derive_again(connection)
    if found < _ONE_FORM:
        rewrite_identifiers(connection)


def _derive_again(connection: Connection) -> None:
    trace_ids = [trace_id for (trace_id,) in fetch(connection, Sql("SELECT trace_id FROM traces"))]
    ((now,),) = fetch(connection, Sql("SELECT coalesce(epoch_ns(max(updated_at)), 0) FROM spans"))
    said = time.monotonic()
    for first in range(0, len(trace_ids), _AT_ONCE):
        if time.monotonic() > said + _TELLING:
            said = time.monotonic()
            _log.info("Migrated %s of %s traces.", f"{first:,}", f"{len(trace_ids):,}")
        known = KnownTraces(connection)
        Transaction(connection, Nanos(now), known, trace_ids[first : first + _AT_ONCE]).write()


def _version(connection: Connection, name: str) -> int:
    """Return the version of the schema in the file; 0 if the file is empty."""
    tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "spanwell_schema" in tables:
        # Everything is fetched: a result that is not read to its end keeps the transaction open.
        ((version,),) = connection.execute("SELECT max(version) FROM spanwell_schema").fetchall()
        if isinstance(version, int):
            return version
    if tables:
        raise StorageUnavailable(f"{name} is a DuckDB file that was not made by Spanwell.")
    return 0
