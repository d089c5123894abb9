"""What keeps a store for years: copies of it, checks, what can be saved of a damaged one, and what has had its time.

Imports run one way: restoring -> checking | copying; reclaiming -> compaction | copying.
"""
