"""Values of context variables for the time of a block."""

from contextvars import ContextVar, Token
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")


class Binding(Generic[T]):
    """A context manager that gives a variable a value, which it returns, until the block ends.

    Every request enters several; a class takes a third of the time of a generator.
    """

    __slots__ = ("_token", "_value", "_variable")
    _token: Token[T | None]

    def __init__(self, variable: ContextVar[T | None], value: T) -> None:
        self._variable = variable
        self._value = value

    def __enter__(self) -> T:
        """Set the variable."""
        self._token = self._variable.set(self._value)
        return self._value

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the variable its value from before."""
        self._variable.reset(self._token)
