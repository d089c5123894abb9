"""Conditions, orders and pages as SQL; values are always bound.

It imports `tables`.
"""
