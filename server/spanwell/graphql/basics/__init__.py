"""What every part of the schema is built from: scalars, enums, connections, and classes derived from the records.

It imports the domain and nothing else of `graphql`. Enums are registered before any class can mention one.
"""

from . import enums

__all__ = ["enums"]
