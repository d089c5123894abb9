"""How long traces are kept: the rules, and what deletes in small steps what has had its time.

Imports run one way: keeper -> pruning -> rules.
"""
