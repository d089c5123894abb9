"""Scores and feedback: pages of all records, and a page for each of several spans, traces or sessions."""
