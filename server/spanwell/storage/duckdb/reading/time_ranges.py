"""The time range of the spans of some traces, which bounds scans for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from . import statements
from .readers import Cursor, Row, fetch


@dataclass(frozen=True)
class Stretch:
    """The first and last start times of the spans of some traces, in nanoseconds, and the number of spans."""

    started: tuple[int, int]
    span_count: int


def stretch_of(cursor: Cursor, trace_ids: Sequence[str]) -> Stretch | None:
    """Return the time range in which the traces' spans started; None if none of the traces exist."""
    return joined(fetch(cursor, statements.stretches(trace_ids)))


def joined(rows: Sequence[Row]) -> Stretch | None:
    """Return the union of the rows' stretches, each a first start, a last start and a count."""
    if not rows:
        return None
    first, last, counts = zip(*rows, strict=True)
    return Stretch((min(first), max(last)), sum(counts))
