"""The tables of semantic conventions: for each field of a span the attributes that may hold it, and whose they are.

They are all there is to read of attributes; `docs/opentelemetry.md` shows them as they stand here.
"""
