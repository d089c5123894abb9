"""A batch as rows: built before the writer takes it, in a thread or in another process.

It imports `tables`, and nothing of the writer.
"""
