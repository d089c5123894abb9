"""SELECT statements, the threads that run them, and the conversion of rows to records.

It imports `conditions` and `tables`.
"""
