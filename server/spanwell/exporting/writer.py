"""What all formats of exports have in common."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TypeAlias

from spanwell.observability.model.record import Listed

Records: TypeAlias = Sequence[Listed]


class Writer(ABC):
    """Writes records page by page. Calls may take long: make them in a thread."""

    def begin(self) -> bytes:
        """Return the bytes before all records."""
        return b""

    @abstractmethod
    def write(self, records: Records) -> bytes:
        """Return the bytes of a page of records."""

    def end(self) -> bytes:
        """Return the bytes after all records."""
        return b""

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Release all resources, whether `end` was called or not."""
