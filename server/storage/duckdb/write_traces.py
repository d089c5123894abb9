"""Writes what a transaction changed in `traces`: a row for each trace that is there, with the columns that differ."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from server.observability.rollups import summarize
from server.observability.trace import Trace

from .readers import Cursor
from .stage import Values, delete, insert, update
from .tables import HEADS, LAST_STARTED_AT, TRACES, Stored
from .touched import POSITION, Entry, Touched, load_whole
from .write_spans import changed_columns

_ALL = frozenset((*TRACES.values(), LAST_STARTED_AT, *HEADS.values()))
_ALL_HEAD = frozenset(HEADS)


@dataclass(frozen=True)
class _Row:
    """A trace as it is now, and what of its head differs from its row."""

    touched: Touched
    trace: Trace
    last_started_at: int
    head_changes: frozenset[str]

    @property
    def head(self) -> Entry:
        return self.touched.entries[self.trace.head.span_id]

    def changes(self) -> frozenset[Stored]:
        """Return the columns in which the trace differs from its row."""
        before = self.touched.stored
        if before is None:
            return _ALL
        rollups = {s for name, s in TRACES.items() if getattr(before, name) != getattr(self.trace, name)}
        if self.touched.last_started_at != self.last_started_at:
            rollups.add(LAST_STARTED_AT)
        return frozenset(rollups | {HEADS[name] for name in self.head_changes if name in HEADS})


def write_traces(cursor: Cursor, touched: Sequence[Touched]) -> None:
    """Write the rows of some traces."""
    gone = [trace.gone_row for trace in touched if trace.gone_row is not None]
    if gone:
        delete(cursor, "traces", gone)
    rows = [_row(trace) for trace in touched if trace.entries]
    heavy = [row for row in rows if not row.head_changes <= POSITION]
    load_whole(cursor, [row.head for row in heavy])
    new = [row for row in heavy if row.touched.row is None]
    if new:
        insert(cursor, "traces", _values(_ALL, new))
    _update(cursor, [row for row in heavy if row.touched.row is not None])
    _update(cursor, [row for row in rows if row.head_changes <= POSITION])


def _row(touched: Touched) -> _Row:
    spans = [entry.span for entry in touched.entries.values()]
    trace = summarize(spans)
    last = max(span.started_at for span in spans)
    if touched.stored is None or touched.stored.head.span_id != trace.head.span_id:
        return _Row(touched, trace, last, _ALL_HEAD)
    return _Row(touched, trace, last, changed_columns(touched.entries[trace.head.span_id]))


def _update(cursor: Cursor, rows: Sequence[_Row]) -> None:
    """Set every column in which any of the traces differs; one statement for all of them."""
    changed = [(row, changes) for row in rows if (changes := row.changes())]
    columns = frozenset[Stored]().union(*(changes for _, changes in changed))
    numbers = [row.touched.row for row, _ in changed if row.touched.row is not None]
    if numbers:
        update(cursor, "traces", numbers, _values(columns, [row for row, _ in changed]))


def _values(columns: Collection[Stored], rows: Sequence[_Row]) -> Values:
    traces, heads = [row.trace for row in rows], [row.head.span for row in rows]

    def values(stored: Stored) -> list[Any]:
        if stored is LAST_STARTED_AT:
            return [row.last_started_at for row in rows]
        return list(map(attrgetter(stored.column.name), traces if stored.name in TRACES else heads))

    return {stored: values(stored) for stored in columns}
