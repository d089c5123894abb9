"""Keeps the store of a server within its retention while the server runs."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from spanwell.observability.backups import Backups
from spanwell.observability.retention.keeper import Keeper
from spanwell.observability.retention.pruning import Pruner
from spanwell.observability.retention.rules import rules_of
from spanwell.observability.service import Observability
from spanwell.observability.storage import ObservabilityStorage
from spanwell.settings import Settings


@asynccontextmanager
async def keeping(settings: Settings, storage: ObservabilityStorage) -> AsyncGenerator[Keeper]:
    """Prune the store now and then, and back it up, until the block ends."""
    keeper = Keeper(pruner_of(settings, storage), storage, settings.upkeep_interval)
    running = [asyncio.create_task(keeper.run())]
    if settings.backup_dir and settings.backup_hours:
        backups = Backups(storage, Path(settings.backup_dir), settings.backup_keep)
        running.append(asyncio.create_task(backups.run(settings.backup_hours * 3_600)))
    try:
        yield keeper
    finally:
        for task in running:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def pruner_of(settings: Settings, storage: ObservabilityStorage) -> Pruner:
    """Return what prunes a store by some settings. Raises `InvalidInput`."""
    return Pruner(Observability(storage), rules_of(settings.retain), most_bytes(settings))


def most_bytes(settings: Settings) -> int:
    """Return how large the store may be; 0 in memory, where nothing says how much there is."""
    if settings.db == ":memory:":
        return 0
    return settings.max_db_size or shutil.disk_usage(Path(settings.db).absolute().parent).total * 9 // 10


def kept(settings: Settings) -> str:
    """Return how long and how much is kept, for people."""
    size = most_bytes(settings)
    ages = ", ".join(settings.retain) or "traces of any age"
    return f"{ages}, up to {size / 1e9:,.1f} GB, then the oldest are deleted" if size else ages
