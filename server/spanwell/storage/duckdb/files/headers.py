"""Reads the headers of a DuckDB file: which database it is, and how many checkpoints it has had.

A file begins with three pages of 4 KiB, each with its own checksum: the main header, which never changes, and two
database headers, of which a checkpoint writes the older one. DuckDB holds its lock by POSIX rules: whoever closes any
descriptor of the file loses it. So the file is opened once beside DuckDB, and closed when DuckDB has closed it.
"""

import os
import struct
from zlib import crc32

_PAGE = 4_096
_ID_PLACE, _ID_LENGTH = 124, 16
"""Where the main header has the database's own identifier, which its logs repeat."""
_WORDS = struct.Struct("<511Q")
_MASK = 2**64 - 1
_FACTOR = 0xBF58476D1CE4E5B9


def identity(file: int) -> int:
    """Return a number that tells one database from another, from a descriptor of its file."""
    return crc32(os.pread(file, _PAGE, 0))


def iteration(file: int) -> int:
    """Return the number of the last checkpoint that a file holds; -1 if neither of its headers can be read."""
    pages = [os.pread(file, _PAGE, place) for place in (_PAGE, 2 * _PAGE)]
    found = [struct.unpack_from("<Q", page, 8)[0] for page in pages if len(page) == _PAGE and _is_whole(page)]
    return max(found, default=-1)


def log_head(file: int, checkpoint: int) -> bytes:
    """Return how a log of the database begins that was written after some checkpoint, past its format and version."""
    numbers = [*os.pread(file, _ID_LENGTH, _ID_PLACE)]
    return b"\x66\x00\x10" + b"".join(map(_varint, numbers)) + b"\x67\x00" + _varint(checkpoint) + b"\xff\xff"


def _varint(number: int) -> bytes:
    """Return a whole number, seven bits a byte, as DuckDB writes it."""
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
