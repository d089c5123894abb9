"""Writes records in formats that `importing` and other tools read."""
