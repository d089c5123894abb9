"""Reads summaries of many spans: failures by message, call paths, and differences."""
