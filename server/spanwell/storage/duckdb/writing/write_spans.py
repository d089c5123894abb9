"""Writes what a transaction changed in `spans`: rows that are gone, new rows, and the columns that differ."""

from collections.abc import Iterable, Sequence
from operator import attrgetter, itemgetter

from spanwell.observability.derivation.forest import Position, positions
from spanwell.observability.model.span import Span
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.tables.columns import SPANS, Stored

from .arrow import Values
from .loaded_traces import POSITION, Entry, Touched
from .staging import delete, insert, update


def place(touched: Touched) -> None:
    """Bring the columns that follow from a span's place in its trace up to date."""
    if not touched.entries:
        return
    for span_id, position in positions([entry.span for entry in touched.entries.values()]).items():
        entry = touched.entries[span_id]
        if position != _position(entry.span):
            placed = entry.span if entry.row is None else entry.change(entry.span.copy())
            placed.has_child_error, placed.tree_start, placed.tree_end, placed.tree_parent = position


_position = attrgetter(*Position._fields)


def changed_columns(entry: Entry) -> frozenset[str]:
    """Return the columns in which a stored span now differs from its row."""
    if entry.stored is None:
        return frozenset()
    before, now = vars(entry.stored), vars(entry.span)
    return frozenset([name for name in entry.known if before[name] != now[name]])


def span_values(columns: Iterable[Stored], spans: Sequence[Span]) -> Values:
    """Return some columns of spans."""
    records = list(map(vars, spans))
    return {stored: list(map(itemgetter(stored.column.name), records)) for stored in columns}


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
    _update(cursor, [pair for pair in changed if pair[1] <= POSITION])
    _update(cursor, [pair for pair in changed if not pair[1] <= POSITION])


def _update(cursor: Cursor, changed: Sequence[tuple[Entry, frozenset[str]]]) -> None:
    """Set every column in which any of the spans differs; one statement for all of them."""
    names = frozenset[str]().union(*(columns for _, columns in changed))
    entries = [entry for entry, columns in changed if columns]
    columns = [stored for name, stored in SPANS.items() if name in names]
    rows = [entry.row for entry in entries if entry.row is not None]
    if rows:
        update(cursor, "spans", rows, span_values(columns, [entry.span for entry in entries]))
