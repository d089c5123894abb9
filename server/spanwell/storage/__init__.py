"""Stores: each keeps the rules of `observability.storage` over its own engine."""

from collections.abc import Callable

from spanwell.observability.conventions.prices import PUBLIC, Prices
from spanwell.observability.storage import ObservabilityStorage

from .duckdb import DuckDBStorage
from .duckdb.conditions.sql import Sql
from .duckdb.migrations import CURRENT as SCHEMA_VERSION
from .duckdb.statement_log import StatementLog

__all__ = ["SCHEMA_VERSION", "open_storage"]


def open_storage(  # noqa: PLR0913 - each is a setting of its own, given by name
    db: str,
    *,
    read_threads: int = 4,
    memory_limit: str = "",
    slow_seconds: float = 0.0,
    slow_plans: bool = False,
    copies_old: bool = True,
    prices: Prices = PUBLIC,
    on_statement: Callable[[Sql], None] | None = None,
) -> ObservabilityStorage:
    """Return the store that a URL names, not yet opened: `:memory:`, or the path of a DuckDB file.

    Queries that take `slow_seconds` or longer are logged, with their plans if those are wanted; 0 logs none. `prices`
    say what tokens cost that come from now on; what is stored keeps its cost until it is written again. Every statement
    that reads is shown to `on_statement`.
    A file of an older version is copied before it is brought forward, if `copies_old`.
    """
    return DuckDBStorage(
        db,
        read_threads=read_threads,
        memory_limit=memory_limit,
        statements=StatementLog(slow_seconds, slow_plans, on_statement),
        prices=prices,
        copies_old=copies_old,
    )
