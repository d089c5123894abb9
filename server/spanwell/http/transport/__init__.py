"""Requests, bodies, hosts and responses as every endpoint reads and writes them.

It imports nothing else of `http`.
"""
