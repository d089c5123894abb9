"""Stores: each keeps the rules of `observability.storage` over its own engine."""

from spanwell.observability.storage import ObservabilityStorage

from .duckdb import DuckDBStorage
from .duckdb.slow_queries import SlowQueries

__all__ = ["open_storage"]


def open_storage(  # noqa: PLR0913 - one for each setting of a store
    db: str,
    *,
    read_threads: int = 4,
    memory_limit: str = "",
    slow_seconds: float = 0.0,
    slow_plans: bool = False,
    copies_old: bool = True,
) -> ObservabilityStorage:
    """Return the store that a URL names, not yet opened: `:memory:`, or the path of a DuckDB file.

    Queries that take `slow_seconds` or longer are logged, with their plans if those are wanted; 0 logs none.
    A file of an older version is copied before it is brought forward, unless that is not wanted.
    """
    slow = SlowQueries(slow_seconds, slow_plans)
    return DuckDBStorage(db, read_threads=read_threads, memory_limit=memory_limit, slow=slow, copies_old=copies_old)
