"""Writes spans and traces in formats that `importing` and other tools read."""
