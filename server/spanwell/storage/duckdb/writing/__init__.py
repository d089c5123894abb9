"""The one writer: batches become rows, in one transaction that is on disk before anyone is told.

It imports `reading`, `conditions` and `tables`.
"""
