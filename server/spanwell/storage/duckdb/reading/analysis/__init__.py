"""Reads what explains many spans at once: failures by their messages, call paths, and differences."""
