"""Parses, limits, validates and executes requests, and turns errors into responses.

It imports `fast` and everything below it, but not the schema.
"""
