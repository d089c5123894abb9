"""Copies a store while it is written to: the database file between two checkpoints, and the log at that time.

Between checkpoints, DuckDB changes nothing in the file that its last checkpoint refers to, and only appends to the log.
So both can be copied byte by byte, by the server or by another process, as long as there is no checkpoint in between:
a file beside the store suspends them. The copy is opened before it gets its final name, which moves the log into it:
the result is a single file, known to be readable.
"""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from spanwell.observability.model.errors import StorageUnavailable
from spanwell.storage.duckdb.files.headers import iteration
from spanwell.storage.duckdb.files.holding import BEAT, hold_path
from spanwell.storage.duckdb.files.log import log_path, size_of
from spanwell.storage.duckdb.files.mark import check_log
from spanwell.storage.duckdb.tables.connection import attach, connect, cursor_of, detach, told

_ATTEMPTS = 5
_PIECE = 8 * 1024 * 1024


def copy_store(db: str, target: Path, file: int | None = None, given_up: Event | None = None) -> int:
    """Copy a store into a new file; return its size in bytes. Raises `StorageUnavailable`, also soon after `given_up`.

    `file` is a descriptor of the database, for the process that has it open: closing another one would release DuckDB's
    lock.
    """
    if target.exists():
        raise StorageUnavailable(f"{target} is there already; nothing was copied.")
    partial = target.with_name(f".{target.name}.partial")
    try:
        with _descriptor(db, file) as source, _no_checkpoints(db):
            _check_room(db, target)
            _copy(db, source, partial, given_up or Event())
        settle(partial)
        partial.rename(target)
        _sync(target.parent)
    except OSError as error:
        raise StorageUnavailable(f"{target} could not be written: {error.strerror or error}.") from None
    finally:
        for left in (partial, log_path(partial)):
            left.unlink(missing_ok=True)
    return target.stat().st_size


@contextmanager
def _descriptor(db: str, file: int | None) -> Generator[int]:
    if file is not None:
        yield file
        return
    check_log(db)
    opened = os.open(db, os.O_RDONLY)
    try:
        yield opened
    finally:
        os.close(opened)


@contextmanager
def _no_checkpoints(db: str) -> Generator[None]:
    """Suspend checkpoints until the block ends. The request is renewed, so that it expires if the process dies."""
    done = Event()
    hold = hold_path(db)

    def ask() -> None:
        while not done.wait(BEAT):
            hold.touch()

    hold.touch()
    asking = Thread(target=ask, daemon=True)
    asking.start()
    try:
        yield
    finally:
        done.set()
        asking.join()
        hold.unlink(missing_ok=True)


def _check_room(db: str, target: Path) -> None:
    needed = size_of(Path(db)) + 2 * size_of(log_path(db))
    if shutil.disk_usage(target.absolute().parent).free < needed:
        raise StorageUnavailable(f"There is no room for {target}: the copy may need {needed:,} bytes.")


def _copy(db: str, source: int, partial: Path, given_up: Event) -> None:
    """Copy both files; again if a checkpoint that was already running changed them."""
    for _ in range(_ATTEMPTS):
        before = iteration(source)
        _copy_pieces(source, partial, given_up)
        log_path(partial).unlink(missing_ok=True)
        with suppress(FileNotFoundError):  # the file now has its content, and the copy either is too old or has it too
            shutil.copyfile(log_path(db), log_path(partial))
        if iteration(source) == before:
            return
    raise StorageUnavailable("The store is being changed faster than it can be copied; try again in a quiet moment.")


def _copy_pieces(source: int, target: Path, given_up: Event) -> None:
    with target.open("wb") as file:
        place = 0
        while piece := os.pread(source, _PIECE, place):
            file.write(piece)
            place += len(piece)
            if given_up.is_set():
                raise StorageUnavailable("The store is closed before it is copied.")


def settle(copy: Path) -> None:
    """Open a copy, to verify that it is complete and to move its log into it."""
    root = connect(str(copy))
    try:
        attach(root, str(copy))
        with told(str(copy)):
            cursor_of(root).execute("CHECKPOINT")
        detach(root)
    finally:
        root.close()
    file = os.open(copy, os.O_RDONLY)
    os.fsync(file)
    os.close(file)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    os.fsync(opened)
    os.close(opened)
