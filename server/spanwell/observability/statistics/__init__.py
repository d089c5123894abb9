"""Completes statistics: resolves the time range, fills gaps, compares periods.

It imports `questions` and `model`, and reads the store.
"""
