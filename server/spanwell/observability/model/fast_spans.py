"""Creates spans from valid values, without the cost of a constructor call."""

from collections.abc import Iterable
from typing import Any

from .span import STORED_COLUMNS, Span

_DEFAULTS: dict[str, Any] = {column.name: column.default for column in STORED_COLUMNS if not column.required}


def make_span(values: Iterable[tuple[str, Any]]) -> Span:
    """Return the span with these values by column, at a fifth of the cost of calling `Span`."""
    span = object.__new__(Span)
    span.__dict__ = own = _DEFAULTS.copy()
    own.update(values)
    return span
