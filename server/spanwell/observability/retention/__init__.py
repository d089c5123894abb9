"""Retention: the rules for how long traces are kept, and the deletion of expired ones in small steps.

Imports run one way: keeper -> pruning -> rules.
"""
