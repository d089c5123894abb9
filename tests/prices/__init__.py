"""Makes the list of prices that comes with the program: `uv run --with litellm python -m tests.prices`."""
