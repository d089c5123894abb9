"""The server's own metrics, for Prometheus at `/metrics`.

Counters are plain dictionaries; Prometheus's client library formats them, and is loaded by the first request for them.
"""
