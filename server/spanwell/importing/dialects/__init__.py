"""Spans that come one object each, by the names that some program gives their members.

Each module knows what its objects look like, and makes a span of one. It imports `elements`, and nothing of `formats`.
"""
