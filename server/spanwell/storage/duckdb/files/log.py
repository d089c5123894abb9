"""The write-ahead log as a file: a head that says which database and checkpoint it belongs to, then entries.

An entry is its size and a checksum, eight bytes each, and its content. DuckDB takes a log whose head is another one's
for foreign, and an entry that seems longer than the rest of the log for a torn end: it drops what follows without a
word. What it checks is the content of entries.
"""

import struct
from collections.abc import Collection
from pathlib import Path
from zlib import crc32

HEAD = 128
"""Bytes of the log that certainly hold its head, and the beginning of its first entry."""
_FORMAT = b"\x64\x00\x62\x65\x00"
_ENTRY = struct.Struct("<QQ")


def log_path(db: str | Path) -> Path:
    """Return where DuckDB keeps what was committed since the last checkpoint."""
    return Path(f"{db}.wal")


def size_of(file: Path) -> int:
    """Return the bytes of a file; 0 if there is none."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def content_of(log: Path, length: int = -1) -> bytes:
    """Return the first bytes of a log; none if it is gone, as after a checkpoint of another process."""
    try:
        with log.open("rb") as file:
            return file.read(length)
    except FileNotFoundError:
        return b""


def head_of(log: Path) -> int:
    """Return a number that tells the head of one log from that of another."""
    return crc32(content_of(log, HEAD))


def begins_with(log: Path, heads: Collection[bytes]) -> bool:
    """Return whether a log begins as one of some does, as far as it goes; format and version come before that."""
    begin = content_of(log, HEAD)
    same_format = begin[: len(_FORMAT)] == _FORMAT[: len(begin)]
    after = begin[len(_FORMAT) + 1 :]
    return same_format and any(after.startswith(head) or head.startswith(after) for head in heads)


def is_whole(log: Path, length: int) -> bool:
    """Return whether the entries of a log follow one another to exactly some length."""
    content = content_of(log, length)
    return any(_ends_at(content, start, length) for start in range(_ENTRY.size, HEAD))


def entries(log: Path) -> list[int]:
    """Return where each entry of a log ends, as far as they follow one another."""
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
