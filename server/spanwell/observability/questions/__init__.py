"""What can be asked of a store: conditions, orders, pages, statistics, and the shapes of the answers.

Plain values, free of GraphQL and of SQL. It imports `model` alone.
"""
