"""What clients pass in: filters, orders, pages and inputs, and the questions of the domain that they become.

It imports `basics` and the domain.
"""
