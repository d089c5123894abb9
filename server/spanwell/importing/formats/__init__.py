"""A reader for each file format; each yields batches of spans.

It imports `dialects` and the modules of `importing` that depend on no format.
"""
