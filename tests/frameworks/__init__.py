"""Real agent frameworks, with a fake model, send to a running server: `python -m tests.frameworks [NAME...]`.

It installs each framework from PyPI with `uv`, into an environment of its own, and prints which fields of its spans are
filled. It is slow, and no part of the ordinary tests.
"""
