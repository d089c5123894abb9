"""The paging arguments of connections (Relay's cursors, and an offset for page numbers), and the windows they mean."""

from collections.abc import Callable
from dataclasses import dataclass

from spanwell.observability.model.errors import InvalidInput
from spanwell.observability.questions.cursors import decode_cursor
from spanwell.observability.questions.queries import Window

DEFAULT_PAGE = 50
LARGEST_PAGE = 1_000
LARGEST_TRACE_PAGE = 10_000


@dataclass(frozen=True)
class PageArguments:
    """The paging arguments of a connection, as they were given."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None
    offset: int | None = None

    def size(self, largest: int) -> int:
        """Return how many records are asked for. Raises `InvalidInput` naming the argument."""
        if self.first is not None and self.last is not None:
            raise InvalidInput("cannot be combined with `first`", "last")
        for name, value in (("first", self.first), ("last", self.last)):
            if value is not None and not 0 <= value <= largest:
                raise InvalidInput(f"must be between 0 and {largest:,}", name)
        if self.first is not None:
            return self.first
        return DEFAULT_PAGE if self.last is None else self.last

    def skipped(self) -> int:
        """Return how many records are skipped. Raises `InvalidInput` naming the argument."""
        if not self.offset:
            return 0
        if self.offset < 0:
            raise InvalidInput("must not be negative", "offset")
        if self.last is not None or self.after is not None or self.before is not None:
            raise InvalidInput("cannot be combined with a cursor or `last`", "offset")
        return self.offset

    def window(self, bound_to: Callable[[], bytes], largest: int = LARGEST_PAGE) -> Window:
        """Return the window that is asked for. Raises `InvalidInput` or `BadCursor`."""
        return Window(
            self.size(largest),
            self.skipped(),
            decode_cursor(self.after, bound_to()) if self.after is not None else None,
            decode_cursor(self.before, bound_to()) if self.before is not None else None,
            backward=self.last is not None,
        )
