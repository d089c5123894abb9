"""Live tail: lists in the order of their last change, followed as the store grows.

It asks the store as any reader does. Only the service imports it.
"""
