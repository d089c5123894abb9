"""Backups of a running store in a folder, of which the newest are kept."""

import asyncio
import logging
import time
from dataclasses import dataclass
from pathlib import Path

from .model.errors import SpanwellError
from .storage import ObservabilityStorage

_log = logging.getLogger(__name__)

_PREFIX = "spanwell-"


@dataclass(frozen=True)
class Backup:
    """A finished backup: its file name in the backup folder, and its size in bytes."""

    name: str
    size: int


class Backups:
    """The backups of one store, all in one folder; `keep` is how many to keep."""

    def __init__(self, storage: ObservabilityStorage, folder: Path, keep: int) -> None:
        self._storage = storage
        self._folder = folder
        self._keep = keep
        self._making = asyncio.Lock()

    async def make(self) -> Backup:
        """Copy the store, and remove the oldest surplus copies. Raises `StorageUnavailable`."""
        async with self._making:
            target = self._folder / f"{_PREFIX}{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 1_000:03}.duckdb"
            size = await self._storage.backup(target)
            for old in sorted(self._folder.glob(f"{_PREFIX}*.duckdb"))[: -self._keep]:
                old.unlink(missing_ok=True)
        return Backup(target.name, size)

    async def run(self, every: float) -> None:
        """Make a backup at an interval until cancelled; a failed one is retried at the next."""
        while True:
            await asyncio.sleep(every)
            try:
                made = await self.make()
                _log.info("Backed up into %s: %s bytes.", made.name, f"{made.size:,}")
            except (SpanwellError, OSError) as error:
                _log.error("Backup failed: %s", error)
