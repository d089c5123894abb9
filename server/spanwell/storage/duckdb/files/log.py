"""The write-ahead log as a file: a head that names its database and checkpoint, then entries.

An entry is its size and a checksum, eight bytes each, and its content. DuckDB treats a log with a different head as
foreign, and an entry longer than the rest of the log as a torn end: it silently drops what follows. It only verifies
the content of entries.
"""

import struct
from collections.abc import Collection
from pathlib import Path
from zlib import crc32

HEAD = 128
"""Bytes of the log that are sure to contain its head and the beginning of its first entry."""
_FORMAT = b"\x64\x00\x62\x65\x00"
_ENTRY = struct.Struct("<QQ")


def log_path(db: str | Path) -> Path:
    """Return the path of the file in which DuckDB keeps the commits since the last checkpoint."""
    return Path(f"{db}.wal")


def size_of(file: Path) -> int:
    """Return the size of a file in bytes; 0 if it does not exist."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def content_of(log: Path, length: int = -1) -> bytes:
    """Return the first `length` bytes of a log; empty if it is gone, as after a checkpoint by another process."""
    try:
        with log.open("rb") as file:
            return file.read(length)
    except FileNotFoundError:
        return b""


def head_of(log: Path) -> int:
    """Return a number that identifies the head of a log."""
    return crc32(content_of(log, HEAD))


def begins_with(log: Path, heads: Collection[bytes]) -> bool:
    """Return whether a log begins, after format and version, with one of the heads; a shorter log matches a prefix."""
    begin = content_of(log, HEAD)
    same_format = begin[: len(_FORMAT)] == _FORMAT[: len(begin)]
    after = begin[len(_FORMAT) + 1 :]
    return same_format and any(after.startswith(head) or head.startswith(after) for head in heads)


def is_whole(log: Path, length: int) -> bool:
    """Return whether the entries of a log add up to exactly `length` bytes."""
    content = content_of(log, length)
    return any(_ends_at(content, start, length) for start in range(_ENTRY.size, HEAD))


def entries(log: Path) -> list[int]:
    """Return the end position of each entry of a log, up to the first incomplete one."""
    content = content_of(log)
    found = [_ends(content, start) for start in range(_ENTRY.size, HEAD)]
    return max(found, key=len)


def _ends_at(content: bytes, start: int, length: int) -> bool:
    ends = _ends(content, start)
    return bool(ends) and ends[-1] == length


def _ends(content: bytes, start: int) -> list[int]:
    ends: list[int] = []
    place = start
    while place + _ENTRY.size <= len(content):
        size, _ = _ENTRY.unpack_from(content, place)
        place += _ENTRY.size + size
        if place > len(content):
            break
        ends.append(place)
    return ends
