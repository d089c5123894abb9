"""Stores: each keeps the rules of `observability.storage` over its own engine."""
