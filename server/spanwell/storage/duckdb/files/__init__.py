"""The files of a store: the database with its write-ahead log, the mark beside them, and the disk space for them.

Imports run one way: database | space -> mark -> log | headers.
"""
