"""Limits on the shared resources that one request may use, checked before they are used.

Libraries that build answers kill the process when they run out of memory, so answers are bounded here.
"""

import asyncio
import os
import sys
from contextlib import AbstractAsyncContextManager, nullcontext
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path
from time import perf_counter

from .model.binding import Binding
from .model.errors import ResourceExhausted

_SHARE = 0.8
"""The share of the process's memory limit above which large requests are refused."""
_PAGE_SIZE = 4096 if sys.platform == "win32" else os.sysconf("SC_PAGE_SIZE")
_CGROUP = Path("/sys/fs/cgroup/memory.max")


class Room:
    """The budget of one request: characters of its answer, and a lock by which it runs its searches one by one.

    It also counts the request's reads: statements, rows, and the time that the store took for them.
    """

    def __init__(self, letters: int) -> None:
        self._most = letters
        self._left = letters
        self.statements = 0
        self.rows = 0
        self.seconds = 0.0

    @cached_property
    def turn(self) -> asyncio.Lock:
        """The lock of its searches."""
        return asyncio.Lock()

    def take(self, letters: int) -> None:
        """Count characters of the answer. Raises `ResourceExhausted`."""
        self._left -= letters
        if self._left < 0:
            raise ResourceExhausted(
                f"The response would be larger than {self._most:,} bytes: select fewer fields or smaller pages. "
                "`--max-answer-bytes` sets the limit."
            )


_ROOM: ContextVar[Room | None] = ContextVar("room", default=None)


def room_for_request(letters: int) -> Binding[Room]:
    """Limit the answer that the block builds, and count its reads."""
    return Binding(_ROOM, Room(letters))


def count_read(rows: int, began: float) -> None:
    """Count a statement of the current request; `began` is its start by `perf_counter`."""
    room = _ROOM.get()
    if room is not None:
        room.statements += 1
        room.rows += rows
        room.seconds += perf_counter() - began


def take_room(letters: int) -> None:
    """Count characters of the current request's answer. Raises `ResourceExhausted`."""
    room = _ROOM.get()
    if room is not None:
        room.take(letters)


def turn_of_request() -> AbstractAsyncContextManager[None]:
    """Return a context that lets a request run only one search at a time, so that other requests get their turn."""
    room = _ROOM.get()
    return nullcontext() if room is None else room.turn


class Memory:
    """The memory use of this process, and its limit by machine, container and process."""

    def __init__(self) -> None:
        self._most = self._most_address = sys.maxsize
        self._file = -1
        if sys.platform == "linux":
            import resource  # noqa: PLC0415 - not there on Windows

            limit, _ = resource.getrlimit(resource.RLIMIT_AS)
            self._most = int(_SHARE * physical_memory())
            self._most_address = int(_SHARE * limit) if limit != resource.RLIM_INFINITY else sys.maxsize
            self._file = os.open("/proc/self/statm", os.O_RDONLY)

    def used(self) -> int:
        """Return the bytes in use. Raises `ResourceExhausted` if they are close to the limit."""
        if self._file < 0:
            return 0
        address, resident, *_ = (int(pages) * _PAGE_SIZE for pages in os.pread(self._file, 100, 0).split())
        if resident > self._most or address > self._most_address:
            raise ResourceExhausted("The server is low on memory: request less data, or try again later.")
        return resident


def physical_memory() -> int:
    """Return the bytes of memory that the machine has, or the container may use."""
    found = os.sysconf("SC_PHYS_PAGES") * _PAGE_SIZE
    try:
        return min(found, int(_CGROUP.read_text()))
    except (OSError, ValueError):  # no such file, or no limit
        return found
