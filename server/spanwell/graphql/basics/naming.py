"""The names of the schema."""

from strawberry.schema.name_converter import NameConverter


class Names(NameConverter):
    """Strawberry's names, each worked out once.

    Strawberry asks for the name of every field of an input object whenever a client sends one; a batch of a thousand
    spans asks 40,000 times.
    """

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, str] = {}

    def apply_naming_config(self, name: str) -> str:
        """Return a Python name as clients see it."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = super().apply_naming_config(name)
        return known
