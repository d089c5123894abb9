"""Opens the store that a command works on, and closes it whatever happens."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from spanwell.observability.conventions.prices import PUBLIC, Prices, read_prices
from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.storage import ObservabilityStorage
from spanwell.settings import Settings
from spanwell.storage import open_storage
from spanwell.storage.duckdb.conditions.sql import Sql

from . import CommandFailed


@asynccontextmanager
async def opened(
    settings: Settings, *, must_exist: bool = False, on_statement: Callable[[Sql], None] | None = None
) -> AsyncGenerator[ObservabilityStorage]:
    """Give the store of some settings, which shows every statement that reads to `on_statement`.

    Raises `StorageUnavailable`, or `CommandFailed` if it is not there.
    """
    if must_exist and not Path(settings.db).exists():  # noqa: ASYNC240 - a command waits for nothing else
        raise CommandFailed(f"The store {settings.db} does not exist; use `--db` to choose another.")
    storage = open_storage(
        settings.db,
        read_threads=settings.read_threads,
        memory_limit=settings.memory_limit,
        slow_seconds=settings.slow_queries,
        slow_plans=settings.slow_plans,
        copies_old=settings.upgrade_backup,
        prices=_prices(settings.prices),
        on_statement=on_statement,
    )
    await storage.init()
    try:
        yield storage
    finally:
        await storage.close()


def _prices(path: str) -> Prices:
    try:
        return read_prices(Path(path)) if path else PUBLIC
    except InvalidInput as error:
        raise CommandFailed(str(error)) from None
