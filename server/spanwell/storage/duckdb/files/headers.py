"""Reads the headers of a DuckDB file: the identity of the database, and the number of its checkpoints.

A file begins with three pages of 4 KiB, each with its own checksum: the main header, which never changes, and two
database headers; a checkpoint overwrites the older one. DuckDB's lock follows POSIX rules: closing any descriptor of
the file releases it. So the file is opened once besides DuckDB, and closed only after DuckDB has closed it.
"""

import os
import struct
from zlib import crc32

_PAGE = 4_096
_ID_PLACE, _ID_LENGTH = 124, 16
"""Position in the main header of the database identifier, which its logs repeat."""
_WORDS = struct.Struct("<511Q")
_MASK = 2**64 - 1
_FACTOR = 0xBF58476D1CE4E5B9


def identity(file: int) -> int:
    """Return a number that identifies a database, from a descriptor of its file."""
    return crc32(os.pread(file, _PAGE, 0))


def iteration(file: int) -> int:
    """Return the number of a file's last checkpoint; -1 if neither of its headers can be read."""
    pages = [os.pread(file, _PAGE, place) for place in (_PAGE, 2 * _PAGE)]
    found = [struct.unpack_from("<Q", page, 8)[0] for page in pages if len(page) == _PAGE and _is_whole(page)]
    return max(found, default=-1)


def log_head(file: int, checkpoint: int) -> bytes:
    """Return the first bytes, after format and version, of a log that was begun after a checkpoint of the database."""
    numbers = [*os.pread(file, _ID_LENGTH, _ID_PLACE)]
    return b"\x66\x00\x10" + b"".join(map(_varint, numbers)) + b"\x67\x00" + _varint(checkpoint) + b"\xff\xff"


def _varint(number: int) -> bytes:
    """Encode an integer as DuckDB does, seven bits per byte."""
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def _is_whole(page: bytes) -> bool:
    checksum = 5381
    for word in _WORDS.unpack_from(page, 8):
        checksum ^= word * _FACTOR & _MASK
    return bool(checksum == struct.unpack_from("<Q", page)[0])
