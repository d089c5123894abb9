"""Spanwell, a GraphQL trace query server on DuckDB."""

__version__ = "0.1.0"
