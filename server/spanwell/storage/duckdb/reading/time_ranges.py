"""The time range of the spans of some traces, which bounds scans for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from . import statements
from .readers import Cursor, fetch


@dataclass(frozen=True)
class Stretch:
    """The first and last start times of the spans of some traces, in nanoseconds, and the number of spans."""

    started: tuple[int, int]
    span_count: int


def stretch_of(cursor: Cursor, trace_ids: Sequence[str]) -> Stretch | None:
    """Return the time range in which the traces' spans started; None if none of the traces exist."""
    found = stretches_of(cursor, trace_ids)
    return together([*found.values()]) if found else None


def stretches_of(cursor: Cursor, trace_ids: Sequence[str]) -> dict[str, Stretch]:
    """Return the stretch of each trace that exists."""
    rows = fetch(cursor, statements.stretches(trace_ids))
    return {trace_id: Stretch((first, last), count) for trace_id, first, last, count in rows}


def together(stretches: Sequence[Stretch]) -> Stretch:
    """Return the union of stretches."""
    firsts, lasts = zip(*(stretch.started for stretch in stretches), strict=True)
    return Stretch((min(firsts), max(lasts)), sum(stretch.span_count for stretch in stretches))
