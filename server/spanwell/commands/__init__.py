"""The commands of `spanwell`, a module each with `run(arguments) -> exit code`."""

import sys
from collections.abc import Iterable, Mapping


class CommandFailed(Exception):
    """A command cannot do what it was asked; the message says what to put right."""


def warn(warnings: Iterable[Mapping[str, str]]) -> None:
    """Print the warnings about a filter on stderr, where they do not mix with the output."""
    for warning in warnings:
        sys.stderr.write(f"Warning: {warning['message']}\n")
