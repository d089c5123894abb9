"""Stores: each keeps the rules of `observability.storage` over its own engine."""

from spanwell.observability.storage import ObservabilityStorage

from .duckdb import DuckDBStorage

__all__ = ["open_storage"]


def open_storage(db: str, *, read_threads: int = 4, memory_limit: str = "") -> ObservabilityStorage:
    """Return the store that a URL names, not yet opened: `:memory:`, or the path of a DuckDB file."""
    return DuckDBStorage(db, read_threads=read_threads, memory_limit=memory_limit)
