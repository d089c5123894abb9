"""Opens a store of any version; an older one is copied before it is upgraded."""

import logging
from pathlib import Path

from spanwell.observability.model.errors import StorageUnavailable
from spanwell.storage.duckdb.files.database import Database
from spanwell.storage.duckdb.tables.connection import MEMORY, told

from .migrations import CURRENT, migrate
from .upkeep.copying import copy_store

_log = logging.getLogger(__name__)


def old_path(db: str, version: int) -> Path:
    """Return the path of the copy that is made before a store is upgraded from a version."""
    return Path(f"{db}.version{version}")


def open_database(db: str, memory_limit: str, *, copies_old: bool) -> Database:
    """Return a database with the current schema. Raises `StorageUnavailable`."""
    database = Database(db, memory_limit)
    copies: list[Path] = []  # of the store before any change

    def before(version: int) -> None:
        _log.info("%s has schema version %s; migrating it to %s.", db, version, CURRENT)
        if copies_old and db != MEMORY:
            copies.append(_copy(database, version))

    try:
        with told(db):
            migrate(database.cursor(), db, before, copies.clear)
    except BaseException:
        database.close()
        for copy in copies:
            copy.unlink()
        raise
    return database


def _copy(database: Database, version: int) -> Path:
    target = old_path(database.db, version)
    target.unlink(missing_ok=True)  # left by an interrupted attempt
    try:
        copy_store(database.db, target, database.descriptor)
    except StorageUnavailable as error:
        raise StorageUnavailable(
            f"{database.db} was made by an older Spanwell and must be backed up before it is migrated: {error} Free "
            "some space, or make a backup elsewhere and start with `--no-upgrade-backup`. Nothing was changed."
        ) from None
    _log.info("A backup was made as %s; delete it when you no longer need it.", target)
    return target
