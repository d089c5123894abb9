"""What is derived from incoming spans: merged records, places in the tree, usage, and the rollups of traces.

It imports `conventions` and `model`.
"""
