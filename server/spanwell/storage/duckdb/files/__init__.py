"""The files of a store: the database with its write-ahead log, the mark beside them, and the room they have.

Imports run one way: database | space -> mark -> log | headers.
"""
