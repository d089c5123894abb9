"""The seam at which the server traces itself: nothing is loaded or done for it unless a request is traced.

Steps, such as statements and commits, are traced within a traced operation only. So whatever the server does by itself
makes no spans, storing its own spans included.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TypeAlias

Attributes: TypeAlias = Mapping[str, str | int]
Note: TypeAlias = Callable[[str, str | int], None]
"""Adds an attribute to a span that has begun."""
Begin: TypeAlias = Callable[[str, Attributes], AbstractContextManager[Note]]
"""Begins a span, which ends as the block does; an exception in the block is its error."""


def _ignore(_name: str, _value: str | int) -> None:
    """Add no attribute: there is no span."""


_NO_SPAN: AbstractContextManager[Note] = nullcontext(_ignore)
_request: ContextVar[Begin | None] = ContextVar("traced_request", default=None)
_operation: ContextVar[Begin | None] = ContextVar("traced_operation", default=None)


@contextmanager
def traced_request(begin: Begin) -> Generator[None]:
    """Trace the operations of the request that the block answers."""
    reset = _request.set(begin)
    try:
        yield
    finally:
        _request.reset(reset)


def traced_operation(name: str, attributes: Attributes) -> AbstractContextManager[Note]:
    """Trace an operation and its steps, if the request is traced."""
    begin = _request.get()
    return _NO_SPAN if begin is None else _traced(begin, name, attributes)


@contextmanager
def _traced(begin: Begin, name: str, attributes: Attributes) -> Generator[Note]:
    reset = _operation.set(begin)
    try:
        with begin(name, attributes) as note:
            yield note
    finally:
        _operation.reset(reset)


def traced_step(name: str, attributes: Attributes) -> AbstractContextManager[Note]:
    """Trace a step of an operation, if the operation is traced."""
    begin = _operation.get()
    return _NO_SPAN if begin is None else begin(name, attributes)
