"""Agents of the demo, traced as their frameworks do.

It imports the demo's dice, drafts and topics.
"""
