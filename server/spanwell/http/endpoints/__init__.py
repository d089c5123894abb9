"""A module for each endpoint: GraphQL, OTLP, exports, health, and the pages.

It imports `streams` and `transport`.
"""
