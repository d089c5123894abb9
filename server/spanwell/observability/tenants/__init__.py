"""One tenant's part of a store, which is a store itself: every id is turned on its way in, and back on its way out.

It imports the contract of stores. Only the service imports it; stores know how tenants' ids begin (`ids`).
"""
