"""Maintenance of a store in use: reclaiming space, and making copies.

A checkpoint lets DuckDB reuse the space of deleted rows; a new file returns it to the system.
"""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

from spanwell.observability.model.errors import StorageUnavailable
from spanwell.storage.duckdb.files.database import Database
from spanwell.storage.duckdb.reading.readers import Readers
from spanwell.storage.duckdb.tables.connection import MEMORY
from spanwell.storage.duckdb.writing.writer import Writer

from .compaction import Compaction, is_worth_it
from .copying import copy_store


async def reclaim(database: Database, writer: Writer, readers: Readers, copier: Executor) -> bool:
    """Move the log into the file, and write a new file if that is worth it; return whether it was."""
    if database.db == MEMORY or not await writer.between(writer.checkpoint) or database.snapshots:
        return False
    is_worth = await readers.read(partial(is_worth_it, database))
    if is_worth:
        await _compact(database, writer, copier)
    return is_worth


async def _compact(database: Database, writer: Writer, copier: Executor) -> None:
    compaction = Compaction(database)
    loop = asyncio.get_running_loop()
    try:
        await loop.run_in_executor(copier, compaction.copy)
        # So that the last checkpoint, which blocks writes longer, and the last round have little left to do.
        await writer.between(writer.checkpoint)
        await loop.run_in_executor(copier, compaction.catch_up)
        await _to_its_end(writer.between(partial(compaction.finish, writer.checkpoint)))
    finally:
        compaction.stop()
        await loop.run_in_executor(copier, compaction.end)


async def _to_its_end(step: Coroutine[Any, Any, object]) -> None:
    """Wait for a step that must not be interrupted, even if the caller is cancelled."""
    task = asyncio.ensure_future(step)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def back_up(database: Database, target: Path, copier: Executor) -> int:
    """Copy the store into a new file; return its size in bytes. Raises `StorageUnavailable`."""
    file = database.descriptor
    if file is None:
        raise StorageUnavailable("A store in memory has no backups.")
    given_up = Event()
    try:
        return await asyncio.get_running_loop().run_in_executor(copier, copy_store, database.db, target, file, given_up)
    except asyncio.CancelledError:
        given_up.set()
        raise
