"""The reference store: the rules of `observability.storage` in plain Python, with spans in dictionaries.

It is for tests only: they compare DuckDB with it, on conformance rules and random data. The product does not import it.
"""
