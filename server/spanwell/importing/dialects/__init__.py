"""Spans that are one JSON object each, with the member names of some program.

Each module recognizes its objects, and turns one into a span. It imports `elements`, and nothing of `formats`.
"""
