"""Seeded demo traces: what a company's agents and its shop do on a day. `generate` makes them."""

from .traces import generate

__all__ = ["generate"]
