"""Explanations of many spans at once: grouped errors, aggregate call trees, comparisons, and a trace as text.

It imports the model and the questions.
"""
