"""The errors that callers see. Every message is a sentence without SQL, paths or class names.

SpanwellError
├── InvalidInput        BAD_USER_INPUT      an argument, or an element of a batch, is invalid
├── BadCursor           BAD_CURSOR          a cursor is damaged, or belongs to another query
├── Forbidden           FORBIDDEN           the operation is disabled, or the caller may not use it
├── Overloaded          OVERLOADED          too much work is waiting; try again later
├── ResourceExhausted   RESOURCE_EXHAUSTED  the request needs more memory or disk than the server may use
└── StorageUnavailable  INTERNAL            the store cannot be opened, or failed
"""

from typing import ClassVar


class SpanwellError(Exception):
    """An error with a code for programs and a message for people."""

    code: ClassVar[str] = "INTERNAL"


class InvalidInput(SpanwellError):
    """An argument or an element of a batch is invalid; `element` is its name, such as `spans[17].startedAt`."""

    code = "BAD_USER_INPUT"

    def __init__(self, problem: str, element: str = "") -> None:
        super().__init__(f"`{element}` {problem}." if element else f"The value {problem}.")
        self.problem = problem
        self.element = element

    def within(self, prefix: str) -> "InvalidInput":
        """Return the error with a longer path: `startedAt` within `spans[17]` is `spans[17].startedAt`."""
        return InvalidInput(self.problem, f"{prefix}.{self.element}" if self.element else prefix)


class BadCursor(SpanwellError):
    """A cursor is damaged, or belongs to another filter or order."""

    code = "BAD_CURSOR"


class Forbidden(SpanwellError):
    """The operation is disabled, or the caller may not use it."""

    code = "FORBIDDEN"


class Overloaded(SpanwellError):
    """Too much work is waiting; nothing was done, and the caller can try again."""

    code = "OVERLOADED"


class ResourceExhausted(SpanwellError):
    """The request needs more memory or disk than the server may use; a narrower one may succeed."""

    code = "RESOURCE_EXHAUSTED"


class StorageUnavailable(SpanwellError):
    """The store cannot be opened, or failed; the message says what to do."""
