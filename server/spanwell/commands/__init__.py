"""The commands of `spanwell`, a module each with `run(arguments) -> exit code`."""


class CommandFailed(Exception):
    """A command cannot do what it was asked; the message says what to put right."""
