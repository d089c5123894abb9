"""The stretch of time that holds the spans of some traces: what keeps a scan of them short."""

from collections.abc import Sequence
from dataclasses import dataclass

from . import statements
from .readers import Cursor, Row, fetch


@dataclass(frozen=True)
class Stretch:
    """When the first and the last span of some traces started, as nanoseconds, and how many spans they have."""

    started: tuple[int, int]
    span_count: int


def stretch_of(cursor: Cursor, trace_ids: Sequence[str]) -> Stretch | None:
    """Return the stretch of time in which the spans of some traces started; None if there are no such traces."""
    return joined(fetch(cursor, statements.stretches(trace_ids)))


def joined(rows: Sequence[Row]) -> Stretch | None:
    """Return the stretch that holds those of some rows, each a first and a last start and a count."""
    if not rows:
        return None
    first, last, counts = zip(*rows, strict=True)
    return Stretch((min(first), max(last)), sum(counts))
