"""Scores and feedback: pages of them all, and pages for each of some spans, traces or sessions."""
