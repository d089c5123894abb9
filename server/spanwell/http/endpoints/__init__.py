"""One module an endpoint: GraphQL, OTLP, health, and the pages.

It imports `streams` and `transport`.
"""
