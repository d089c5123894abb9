"""Ways past graphql-core's work for each value: lists completed by columns, batches decoded at once.

Each has a random test that holds it equal to the ordinary way. It imports `types` and what is below them.
"""
