"""Queries to a store, and the shapes of their results: conditions, orders, pages, statistics.

All are plain values, independent of GraphQL and SQL. It imports only `model`.
"""
