"""The schema in a file: made when the file is new, brought forward when it is older, refused when it is newer.

A version is never changed once released; a new one gets a step of its own at the end of `STEPS`.
"""

from collections.abc import Callable

import duckdb

from server import __version__
from server.observability.errors import StorageUnavailable

from .seed_view import SEED_VIEW
from .tables import HEADS, LAST_STARTED_AT, SPANS, TRACES

Connection = duckdb.DuckDBPyConnection

_VERSIONS = "CREATE TABLE spanwell_schema (version INTEGER NOT NULL, written_by VARCHAR NOT NULL)"


def _create(connection: Connection) -> None:
    columns = ", ".join(stored.ddl for stored in SPANS.values())
    connection.execute(f"CREATE TABLE spans ({columns})")
    rollups = [stored.ddl for stored in TRACES.values()]
    heads = [stored.ddl for stored in HEADS.values()]
    connection.execute(f"CREATE TABLE traces ({', '.join([*rollups, LAST_STARTED_AT.ddl, *heads])})")
    # One index each, on the id that everything is found by; started_at is served by DuckDB's zone maps, and an index
    # over two columns is never used for look-ups (measured).
    connection.execute('CREATE INDEX spans_by_trace ON spans ("trace_id")')
    connection.execute('CREATE INDEX traces_by_id ON traces ("trace_id")')
    connection.execute(SEED_VIEW)
    connection.execute(_VERSIONS)


STEPS: tuple[Callable[[Connection], None], ...] = ()
"""STEPS[n] brings version n + 1 to version n + 2."""

CURRENT = len(STEPS) + 1
"""The version of the schema that this program reads and writes."""


def migrate(connection: Connection, name: str) -> None:
    """Bring the schema to the current version, in one transaction. Raises `StorageUnavailable`."""
    found = _version(connection, name)
    if found == CURRENT:
        return
    if found > CURRENT:
        raise StorageUnavailable(
            f"{name} has schema version {found}, of a newer Spanwell; this one knows versions up to {CURRENT}."
        )
    connection.begin()
    try:
        if found == 0:
            _create(connection)
        for step in STEPS[found - 1 :] if found else ():
            step(connection)
        connection.execute("DELETE FROM spanwell_schema")
        connection.execute("INSERT INTO spanwell_schema VALUES (?, ?)", [CURRENT, __version__])
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _version(connection: Connection, name: str) -> int:
    """Return the version of the schema in the file; 0 if there is nothing in it."""
    tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "spanwell_schema" in tables:
        row = connection.execute("SELECT max(version) FROM spanwell_schema").fetchone()
        if row is not None and isinstance(row[0], int):
            return row[0]
    if tables:
        raise StorageUnavailable(f"{name} is a DuckDB file that Spanwell did not make.")
    return 0
