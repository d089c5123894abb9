"""The records and their values: spans, traces, ids, moments, errors.

`Span` and `Trace` declare each field once, and every other layer derives its own from them. It imports nothing else of
ours.
"""
