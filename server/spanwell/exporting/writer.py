"""What all formats of exports have in common."""

from abc import ABC, abstractmethod

from spanwell.observability.model.blocks import Block


class Writer(ABC):
    """Writes records block by block. Calls may take long: make them in a thread."""

    def begin(self) -> bytes:
        """Return the bytes before all records."""
        return b""

    @abstractmethod
    def write(self, block: Block) -> bytes:
        """Return the bytes of a block of records."""

    def end(self) -> bytes:
        """Return the bytes after all records."""
        return b""

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Release all resources, whether `end` was called or not."""
