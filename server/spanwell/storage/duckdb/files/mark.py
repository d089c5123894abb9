"""A mark beside the store records how much of the write-ahead log was acknowledged, so that its loss is noticed.

It is written after each commit and before the answer, without a sync: the commit is on disk already, and an older mark
only requires less. It exists while the log holds something that the database file does not.
"""

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from spanwell.observability.model.errors import StorageUnavailable

from .headers import identity, iteration, log_head
from .log import begins_with, head_of, is_whole, log_path, size_of

_FORMAT = struct.Struct("<8sIQIQQ")
_CHECKSUM = struct.Struct("<I")
_MAGIC = b"SPANWELL"


@dataclass(frozen=True)
class Mark:
    """What was acknowledged since a checkpoint: the number of writes, and the length and the head of their log."""

    database: int
    iteration: int
    head: int
    length: int
    writes: int

    def encoded(self) -> bytes:
        """Return the content of the mark's file."""
        content = _FORMAT.pack(_MAGIC, self.database, self.iteration, self.head, self.length, self.writes)
        return content + _CHECKSUM.pack(crc32(content))


def mark_path(db: str | Path) -> Path:
    """Return the path of a store's mark."""
    return Path(f"{db}.mark")


def read_mark(db: str | Path) -> Mark | None:
    """Return the mark of a store; None if it does not exist or cannot be read."""
    try:
        content = mark_path(db).read_bytes()
    except FileNotFoundError:
        return None
    if (
        len(content) != _FORMAT.size + _CHECKSUM.size
        or crc32(content[: _FORMAT.size]) != _CHECKSUM.unpack_from(content, _FORMAT.size)[0]
    ):
        return None
    _, *fields = _FORMAT.unpack_from(content)
    return Mark(*fields)


def check_log(db: str) -> None:
    """Raise `StorageUnavailable` if something acknowledged is neither in the database file nor in its log."""
    mark = read_mark(db)
    problem = _problem(db, mark)
    # A server may be running: a difference due to a checkpoint that just ended appears only once, with one mark.
    if problem and read_mark(db) == mark and _problem(db, mark):
        raise _loss(problem, mark)


def _problem(db: str, mark: Mark | None) -> str:
    try:
        file = os.open(db, os.O_RDONLY)
    except FileNotFoundError:
        # DuckDB would create a new database and discard the log.
        has_log = size_of(log_path(db)) or (mark is not None and mark.length)
        return f"{db} is missing, though its write-ahead log is there" if has_log else ""
    except OSError:  # DuckDB has its own message for it
        return ""
    try:
        return _problem_without_mark(db, file) if mark is None else _problem_of(db, file, mark)
    finally:
        os.close(file)


def _loss(problem: str, mark: Mark | None) -> StorageUnavailable:
    return StorageUnavailable(
        f"{problem}: {_writes(mark)} cannot be read. Nothing was changed. Put the file back, restore a backup with "
        "`spanwell restore BACKUP`, or salvage what can be read with `spanwell restore --salvage`."
    )


def _problem_without_mark(db: str, file: int) -> str:
    log, last = log_path(db), iteration(file)
    heads = [log_head(file, checkpoint) for checkpoint in (last, last - 1) if checkpoint >= 0]
    if not size_of(log) or not heads or begins_with(log, heads):
        return ""
    return f"The write-ahead log {log} is damaged, or of another database"


def _problem_of(db: str, file: int, mark: Mark) -> str:
    if not mark.length:
        return ""
    if identity(file) != mark.database:
        return f"{db} is not the database that {mark_path(db).name} and {log_path(db).name} were written beside"
    last = iteration(file)
    if last < mark.iteration:
        return f"{db} is older than the write-ahead log beside it"
    # After one more checkpoint, the file contains everything that was in the log.
    return _problem_of_log(log_path(db), mark) if last == mark.iteration else ""


def _problem_of_log(log: Path, mark: Mark) -> str:
    size = size_of(log)
    if not size:
        return f"The write-ahead log {log} is missing"
    if size < mark.length:
        return f"The write-ahead log {log} was cut to {size:,} of {mark.length:,} bytes"
    if head_of(log) != mark.head or not is_whole(log, mark.length):
        return f"The write-ahead log {log} is damaged"
    return ""


def _writes(mark: Mark | None) -> str:
    if mark is None:
        return "what it holds"
    return (
        "the last acknowledged write" if mark.writes == 1 else f"some of the last {mark.writes:,} acknowledged writes"
    )


class Marker:
    """Keeps the mark of a store up to date; `file` is a descriptor of the database file."""

    def __init__(self, db: str, file: int) -> None:
        self._db = db
        self._file = file
        self._log = log_path(db)
        old = read_mark(db)
        self._mark = Mark(identity(file), 0, 0, 0, 0)
        if old is not None and old.iteration == iteration(file) and size_of(self._log) >= old.length:
            self._mark = old
        self._into = os.open(mark_path(db), os.O_RDWR | os.O_CREAT, 0o644)

    def committed(self, writes: int) -> None:
        """Record writes that were just committed."""
        length = size_of(self._log)
        if not length:
            self.checkpointed()
            return
        before = self._mark if self._mark.length and self._mark.length <= length else None
        self._write(
            Mark(
                self._mark.database,
                before.iteration if before else iteration(self._file),
                before.head if before else head_of(self._log),
                length,
                writes + (before.writes if before else 0),
            )
        )

    def checkpointed(self) -> None:
        """Record that the database file contains everything."""
        self._write(Mark(self._mark.database, 0, 0, 0, 0))

    def close(self) -> None:
        """Close the mark, and remove its file if it is empty."""
        os.close(self._into)
        if not self._mark.length:
            mark_path(self._db).unlink(missing_ok=True)

    def _write(self, mark: Mark) -> None:
        os.pwrite(self._into, mark.encoded(), 0)
        self._mark = mark
