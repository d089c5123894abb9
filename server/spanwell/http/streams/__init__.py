"""Answers that go on: WebSockets and server-sent events.

It imports `transport`.
"""
