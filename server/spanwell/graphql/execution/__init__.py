"""How a request is parsed, limited, validated, executed, and refused.

It imports `fast` and what is below it, never the schema.
"""
