"""The stretch of time that holds the spans of some traces: what keeps a scan of them short."""

from collections.abc import Sequence

from . import statements
from .readers import Cursor, fetch


def stretch_of(cursor: Cursor, trace_ids: Sequence[str]) -> tuple[int, int] | None:
    """Return the stretch of time in which the spans of some traces started; None if there are no such traces."""
    ((first, last),) = fetch(cursor, statements.stretch(trace_ids))
    return None if first is None else (first, last)
