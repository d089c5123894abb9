"""The tables, their columns, and the connection to the file that holds them.

It imports nothing else of this store.
"""
