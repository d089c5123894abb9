"""Scores and feedback as clients see them, their figures, and what mutations of them answer."""
