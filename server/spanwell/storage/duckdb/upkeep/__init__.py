"""Maintenance of a store: copies, checks, salvage of a damaged one, and reclaiming the space of deleted rows.

Imports run one way: restoring -> checking | copying; reclaiming -> compaction | copying.
"""
