"""One tenant's part of a store, which is a store itself: ids are translated on the way in, and back on the way out.

It imports the contract of stores. Only the service imports it; stores know how tenants' ids begin (`ids`).
"""
