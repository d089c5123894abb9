"""Checks of client input; their errors name the invalid element."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from .model.columns import Nanos
from .model.errors import InvalidInput
from .model.identifiers import LONGEST, check_identifier, span_identifier, trace_identifier
from .model.span import SPAN_COLUMN
from .model.times import EARLIEST, LATEST, checked_moment

T = TypeVar("T")


def each(check: Callable[[T], T], elements: Sequence[T], name: str) -> list[T]:
    """Return the checked elements. Raises `InvalidInput` naming the invalid one by the template `name`."""
    checked: list[T] = []
    for index, element in enumerate(elements):
        try:
            checked.append(check(element))
        except InvalidInput as error:
            raise error.within(name.format(index)) from None
    return checked


def checked_key(trace_id: str, span_id: str) -> tuple[str, str]:
    """Return the ids of a span as they are stored. Raises `InvalidInput`."""
    if not (0 < len(trace_id) <= LONGEST and 0 < len(span_id) <= LONGEST):
        named("traceId", check_identifier, trace_id)
        named("spanId", check_identifier, span_id)
    return trace_identifier(trace_id), span_identifier(span_id)


def checked_trace(trace_id: str) -> str:
    """Return the id of a trace as it is stored. Raises `InvalidInput`."""
    check_identifier(trace_id)
    return trace_identifier(trace_id)


def checked_parent(parent: str) -> str:
    """Return the id of a parent as it is stored. Raises `InvalidInput`."""
    if not 0 < len(parent) <= LONGEST:
        named("parentSpanId", check_identifier, parent)
    return span_identifier(parent)


def check_moment(column: str, value: object) -> None:
    """Raise `InvalidInput` if a moment of a column is outside the range of the stores."""
    if isinstance(value, int) and not EARLIEST <= value <= LATEST:
        named(SPAN_COLUMN[column].label, checked_moment, Nanos(value))


def named(label: str, check: Callable[[T], object], value: T) -> None:
    """Check a value. Raises `InvalidInput` with the value's name."""
    try:
        check(value)
    except InvalidInput as error:
        raise error.within(label) from None
