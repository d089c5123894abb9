"""One function a field: it reads the arguments, makes one call to the domain, and returns what it got.

It imports `arguments` and `basics`; the types import it.
"""
