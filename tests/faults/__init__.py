"""What is done to a running server that must lose nothing: each module is a command of its own."""
