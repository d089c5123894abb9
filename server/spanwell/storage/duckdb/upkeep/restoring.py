"""Restores a store from a backup, or salvages a damaged one; the old files are kept beside it."""

import shutil
import time
from pathlib import Path

from spanwell.observability.model.errors import StorageUnavailable
from spanwell.storage.duckdb.files.log import entries, log_path, size_of
from spanwell.storage.duckdb.files.mark import mark_path

from .checking import Checked, check_readable, check_store
from .copying import settle


def restore(backup: Path, db: Path) -> Checked:
    """Replace a store that no server has open by a backup. Raises `StorageUnavailable`."""
    if not backup.is_file():
        raise StorageUnavailable(f"There is no backup {backup}.")
    check_unused(db)
    checked = check_store(str(backup))
    copy = db.with_name(f".{db.name}.restoring")
    try:
        shutil.copyfile(backup, copy)
        put_aside(db)
        copy.rename(db)
    except OSError as error:
        raise StorageUnavailable(f"{db} could not be written: {error.strerror or error}.") from None
    finally:
        copy.unlink(missing_ok=True)
    return checked


def salvage(db: Path) -> Checked:
    """Keep the readable part of a store with a damaged log. Raises `StorageUnavailable` if nothing is readable."""
    check_unused(db)
    if not db.is_file():
        raise StorageUnavailable(f"{db} is missing: nothing can be saved without it. Restore a backup.")
    work = db.with_name(f".{db.name}.salvage")
    ends = [0, *(entries(log_path(db)) if size_of(log_path(db)) else [])]
    try:
        _longest(db, work, ends)
        checked = check_store(str(work))
        put_aside(db)
        work.rename(db)
    finally:
        for left in (work, log_path(work)):
            left.unlink(missing_ok=True)
    return checked


def check_unused(db: Path) -> None:
    """Raise `StorageUnavailable` if another process has a store open."""
    try:
        check_readable(db)
    except StorageUnavailable as error:
        if "in use" in str(error):
            raise


def put_aside(db: Path) -> None:
    """Rename the files of a store to names with the time of replacement."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    for file in (db, log_path(db), mark_path(db)):
        if file.exists():
            file.rename(file.with_name(f"{file.name}.replaced-{stamp}"))


def _longest(db: Path, work: Path, ends: list[int]) -> None:
    """Make a copy with the longest part of the log that DuckDB can read; DuckDB reads a truncated log up to the cut."""
    good, bad = -1, len(ends)
    work.hardlink_to(db)  # nothing is written to it yet
    while good + 1 < bad:
        middle = (good + bad) // 2
        _cut_log(db, work, ends[middle])
        try:
            check_readable(work)
            good = middle
        except StorageUnavailable:
            bad = middle
    if good < 0:
        raise StorageUnavailable(f"Nothing can be read of {db}. Restore a backup.")
    work.unlink()
    shutil.copyfile(db, work)
    _cut_log(db, work, ends[good])
    settle(work)


def _cut_log(db: Path, work: Path, length: int) -> None:
    log_path(work).unlink(missing_ok=True)
    if length:
        with log_path(db).open("rb") as file:
            log_path(work).write_bytes(file.read(length))
