"""A listed record: a span, or a trace with its head."""

from typing import Any, TypeAlias

from .assessments import Assessment
from .span import Span
from .trace import TRACE_COLUMN, Trace

Record: TypeAlias = Span | Trace

Listed: TypeAlias = Record | Assessment
"""The records that conditions apply to."""


def column_value(record: object, column: str) -> Any:
    """Return the value of a record's column; for a trace its own, or else its head's."""
    if isinstance(record, Trace) and column not in TRACE_COLUMN:
        return getattr(record.head, column)
    return getattr(record, column)
