"""A record that is listed: a span, or a trace with its head."""

from typing import Any, TypeAlias

from .assessments import Assessment
from .span import Span
from .trace import TRACE_COLUMN, Trace

Record: TypeAlias = Span | Trace

Listed: TypeAlias = Record | Assessment
"""Whatever a condition may be asked of."""


def column_value(record: object, column: str) -> Any:
    """Return what a column of a record holds: of a trace its own, else its head's."""
    if isinstance(record, Trace) and column not in TRACE_COLUMN:
        return getattr(record.head, column)
    return getattr(record, column)
