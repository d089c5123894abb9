"""The reference store: the rules of `observability.storage` in the plainest Python, spans in dictionaries.

It exists for tests: conformance rules run over it, and random tests hold SQL to it. Nothing of the product imports it.
"""
