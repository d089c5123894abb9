"""Opens the database; if that fails, says why in one sentence."""

import re
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from spanwell.observability.model.errors import StorageUnavailable

MEMORY = ":memory:"

_NAME = "spanwell"
"""The name of the database in every connection; the file's own name might be an SQL keyword."""

BESIDE = "beside"
"""The name of a second file, into which the first is copied."""

ENDINGS = ("", ".wal", ".wal.checkpoint", ".wal.recovery")
"""The suffixes of the files that DuckDB keeps beside a database."""

_ROW_GROUP = 16_384
"""Rows per row group. A checkpoint rewrites every row group with new rows, several at the same time: with smaller ones
it writes less, and finishes sooner (measured)."""

_USE = f"USE {_NAME}"

_CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
}
"""The store needs no extension, no network, and nothing of Python's variables."""

_SETTINGS = (
    # Merging row groups in a checkpoint stalls commits for seconds; without it 250 ms at most (measured).
    "SET max_vacuum_tasks = 0",
    # The writer makes every checkpoint itself, only if there is space: a failed checkpoint invalidates the database.
    "SET wal_autocheckpoint = '1TB'",
    # Lists of up to the largest page first read only sort keys, then the other columns of the remaining rows.
    "SET late_materialization_max_rows = 10100",
    "SET preserve_insertion_order = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",  # last: no statement can change a setting from here on
)


def connect(db: str, memory_limit: str = "") -> duckdb.DuckDBPyConnection:
    """Return a connection to attach databases to; it never runs USE, so that it can also detach them."""
    config: dict[str, str | bool | int | float | list[str]] = dict(_CONFIG)
    if db != MEMORY:
        check_place(db)
        config["temp_directory"] = f"{db}.tmp"
    if memory_limit:
        config["memory_limit"] = memory_limit
    with told(db):
        return duckdb.connect(MEMORY, config=config)


def attach(root: duckdb.DuckDBPyConnection, db: str, mode: str = "READ_WRITE", name: str = _NAME) -> None:
    """Attach memory or a file, which is created if missing. Raises `StorageUnavailable`."""
    path = db.replace("'", "''")
    with told(db):
        # Only an attached database can have another row group size.
        root.execute(f"ATTACH '{path}' AS {name} ({mode}, TYPE duckdb, ROW_GROUP_SIZE {_ROW_GROUP})")


def detach(root: duckdb.DuckDBPyConnection, name: str = _NAME) -> None:
    """Detach the database if it is attached."""
    root.execute(f"DETACH DATABASE IF EXISTS {name}")


def settle(root: duckdb.DuckDBPyConnection, db: str) -> None:
    """Apply all settings after a database was attached: after that, no other file can be."""
    with told(db):
        files = [f"{db}.compact{ending}" for ending in ENDINGS]
        root.execute("SET allowed_paths = ?", [files])
        for setting in _SETTINGS:
            root.execute(setting)


def cursor_of(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return another connection to the same database, for another thread."""
    cursor = connection.cursor()
    cursor.execute(_USE)
    return cursor


def interrupt(cursor: duckdb.DuckDBPyConnection) -> None:
    """Interrupt another thread's cursor, unless that thread has closed it."""
    with suppress(duckdb.ConnectionException):
        cursor.interrupt()


@contextmanager
def told(db: str) -> Generator[None]:
    """Translate DuckDB's errors about a file to `StorageUnavailable`."""
    try:
        yield
    except duckdb.CatalogException:  # about our own statements, not about the file
        raise
    except (duckdb.Error, RuntimeError) as error:
        raise StorageUnavailable(_reason(db, str(error))) from None


def check_place(db: str) -> None:
    """Raise `StorageUnavailable` if no file can be created at a path."""
    path = Path(db)
    if path.is_dir():
        raise StorageUnavailable(f"{db} is a folder, not a DuckDB file.")
    if not path.absolute().parent.is_dir():
        raise StorageUnavailable(f"The folder of {db} does not exist.")


def _reason(db: str, said: str) -> str:
    if "set lock" in said or "Conflicting lock" in said:
        holder = re.search(r"PID (\d+)", said)
        return f"{db} is in use by another process{f' (PID {holder[1]})' if holder else ''}."
    if "Permission denied" in said or "read-only" in said.lower():
        return f"{db} cannot be opened: permission denied."
    if "memory_limit" in said or "parse" in said.lower():
        return "The memory limit is not a size such as 4GB."
    if "version number" in said or "newer version" in said:
        return f"{db} was written by another version of DuckDB, which this one cannot read."
    if "not a valid DuckDB database" in said:
        return f"{db} is not a DuckDB file."
    return (
        f"{db} is damaged: DuckDB cannot read it. Nothing was changed. Restore a backup with `spanwell restore "
        "BACKUP`, or salvage what can be read with `spanwell restore --salvage`."
    )
