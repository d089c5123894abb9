"""Streaming responses: WebSockets and server-sent events.

It imports `transport`.
"""
