"""What follows from the spans that were sent: merged records, places in the tree, usage, and the rollups of traces.

It imports `conventions` and `model`.
"""
