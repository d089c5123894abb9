"""Writes what a transaction changed in `spans`: rows that are gone, new rows, and the columns that differ."""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from server.observability.span import Span, SpanStatus
from server.observability.tree import Forest

from .readers import Cursor
from .stage import Values, delete, insert, update
from .tables import SPANS, Stored
from .touched import Entry, Touched

_FLAG = frozenset({"has_child_error"})


def mark_failing(touched: Touched) -> None:
    """Bring `has_child_error` of a trace's spans up to date."""
    entries = touched.entries.values()
    if not any(entry.span.status is SpanStatus.ERROR or entry.span.has_child_error for entry in entries):
        return
    failing = Forest([entry.span for entry in entries]).with_failing_descendants()
    for entry in entries:
        fails = entry.span.span_id in failing
        if entry.span.has_child_error != fails:
            entry.change(entry.span.copy()).has_child_error = fails


def changed_columns(entry: Entry) -> frozenset[str]:
    """Return the columns in which a stored span now differs from its row."""
    if entry.stored is None:
        return frozenset()
    if not entry.whole:
        return _FLAG
    before, now = entry.stored, entry.span
    return frozenset(name for name in SPANS if getattr(before, name) != getattr(now, name))


def span_values(columns: Iterable[Stored], spans: Sequence[Span]) -> Values:
    """Return some columns of spans."""
    return {stored: list(map(attrgetter(stored.column.name), spans)) for stored in columns}


def write_spans(cursor: Cursor, touched: Sequence[Touched]) -> None:
    """Write the spans of some traces."""
    gone = [row for trace in touched for row in trace.gone]
    if gone:
        delete(cursor, "spans", gone)
    entries = [entry for trace in touched for entry in trace.entries.values()]
    new = [entry.span for entry in entries if entry.row is None]
    if new:
        insert(cursor, "spans", span_values(SPANS.values(), new))
    changed = [(entry, changed_columns(entry)) for entry in entries if entry.row is not None]
    _update(cursor, [pair for pair in changed if pair[1] == _FLAG])
    _update(cursor, [pair for pair in changed if pair[1] != _FLAG])


def _update(cursor: Cursor, changed: Sequence[tuple[Entry, frozenset[str]]]) -> None:
    """Set every column in which any of the spans differs; one statement for all of them."""
    names = frozenset[str]().union(*(columns for _, columns in changed))
    entries = [entry for entry, columns in changed if columns]
    columns = [stored for name, stored in SPANS.items() if name in names]
    rows = [entry.row for entry in entries if entry.row is not None]
    if rows:
        update(cursor, "spans", rows, span_values(columns, [entry.span for entry in entries]))
