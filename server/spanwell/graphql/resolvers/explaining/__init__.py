"""Answers what explains or compares many spans at once."""
