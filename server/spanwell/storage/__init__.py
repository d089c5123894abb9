"""Stores: each keeps the rules of `observability.storage` over its own engine."""

from spanwell.observability.storage import ObservabilityStorage

from .duckdb import DuckDBStorage
from .duckdb.slow_queries import SlowQueries

__all__ = ["open_storage"]


def open_storage(
    db: str, *, read_threads: int = 4, memory_limit: str = "", slow_seconds: float = 0.0, slow_plans: bool = False
) -> ObservabilityStorage:
    """Return the store that a URL names, not yet opened: `:memory:`, or the path of a DuckDB file.

    Queries that take `slow_seconds` or longer are logged, with their plans if those are wanted; 0 logs none.
    """
    slow = SlowQueries(slow_seconds, slow_plans)
    return DuckDBStorage(db, read_threads=read_threads, memory_limit=memory_limit, slow=slow)
