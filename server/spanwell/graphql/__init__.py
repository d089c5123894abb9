"""What clients see: the schema, and how requests to it are limited, run and refused."""
