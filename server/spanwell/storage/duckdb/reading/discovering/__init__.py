"""Discovery: the fields, attribute keys and values in the store."""
