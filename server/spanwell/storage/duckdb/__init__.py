"""Spans in DuckDB, in memory or in a file."""

from .storage import DuckDBStorage

__all__ = ["DuckDBStorage"]
