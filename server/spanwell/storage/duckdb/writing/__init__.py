"""The single writer: turns batches into rows, in one transaction that is on disk before it is acknowledged.

`Writer` takes the waiting writes, `Committer` runs them in a `Transaction`, and `Checkpoints` empties the log between
transactions. The package imports `reading`, `conditions`, `files` and `tables`.
"""
