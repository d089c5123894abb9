"""What all endpoints share: requests, bodies, hosts, access and responses.

It imports nothing else of `http`.
"""
