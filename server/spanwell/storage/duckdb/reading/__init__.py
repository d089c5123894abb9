"""Statements that read, the threads that run them, and rows as records.

It imports `conditions` and `tables`.
"""
