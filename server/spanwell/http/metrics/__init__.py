"""What the server counts of itself, as Prometheus reads it at `/metrics`.

Counting is adding to plain dictionaries; Prometheus's own library writes them down, and is loaded when it is asked to.
"""
