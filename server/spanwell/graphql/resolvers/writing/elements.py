"""The elements of a batch as a mutation gets them: records, and those that could not be read as such."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spanwell.graphql.basics.enums import OnInvalid
from spanwell.observability.model.errors import InvalidInput


@dataclass(frozen=True)
class Unread:
    """An element that could not be read, as plain JSON, and what is wrong with it."""

    index: int
    element: Any
    error: InvalidInput

    def stated(self, label: str) -> str | None:
        """Return a text that the element states, such as its id."""
        value = self.element.get(label) if isinstance(self.element, Mapping) else None
        return value if isinstance(value, str) else None


@dataclass(frozen=True)
class Read:
    """A list that was read into the records that it means, and need not be coerced."""

    records: Sequence[Any]
    unread: Sequence[Unread] = ()
    indexes: Sequence[int] | None = None
    """Where in the list the records stood, if some could not be read."""

    def index(self, number: int) -> int:
        """Return where in the list a record stood."""
        return number if self.indexes is None else self.indexes[number]

    def skips(self, on_invalid: OnInvalid | None, name: str) -> bool:
        """Return whether invalid elements are skipped. Raises `InvalidInput` if they are not, and there is one."""
        if on_invalid is OnInvalid.SKIP:
            return True
        for each in self.unread:
            raise each.error.within(f"{name}[{each.index}]")
        return False
