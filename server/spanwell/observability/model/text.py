"""Text without case."""

import msgspec


def fold(text: str) -> str:
    """Lower-case text by Unicode's simple mapping, one character for one, as SQL engines do."""
    return "".join([character.lower()[0] for character in text])


def escaped(text: str) -> str:
    """Return text as it stands inside a JSON string."""
    return msgspec.json.encode(text).decode()[1:-1]
