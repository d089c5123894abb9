"""The resolvers of mutations, and what became of them.

It imports what the other resolvers share; the types import it.
"""
