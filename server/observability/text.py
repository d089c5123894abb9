"""Text without case."""


def fold(text: str) -> str:
    """Lower-case text by Unicode's simple mapping, one character for one, as SQL engines do."""
    return "".join([character.lower()[0] for character in text])
