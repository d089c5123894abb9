"""Readings of what there is to ask about: fields, the keys of attributes, and values."""
