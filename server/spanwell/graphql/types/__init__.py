"""The object types of the schema. They read the records of the domain and copy none.

It imports `resolvers`, `arguments` and `basics`.
"""
