"""The records and their values: spans, traces, scores, feedback, ids, times, errors.

`Span` and `Trace` declare each field once; all other layers derive theirs from them. It imports nothing else of ours.
"""
