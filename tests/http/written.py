"""A transport that keeps what is written to it, for tests."""


class Transport:
    """Stands for a connection."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        """Keep a piece."""
        self.written.append(data)

    def close(self) -> None:
        """Note that the connection was closed."""
        self.closed = True

    def is_closing(self) -> bool:
        """Return whether it was."""
        return self.closed
