"""The single writer: turns batches into rows, in one transaction that is on disk before it is acknowledged.

It imports `reading`, `conditions` and `tables`.
"""
