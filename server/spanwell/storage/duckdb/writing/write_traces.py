"""Writes what a transaction changed in `traces`: a row for each trace that is there, with the columns that differ."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from spanwell.observability.derivation.rollups import summarize
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.trace import Trace
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.tables.columns import HEADS, LAST_STARTED_AT, TRACES, Stored

from .arrow import Values
from .loaded_traces import POSITION, Entry, Touched, load
from .staging import delete, insert, update
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
        rollups = _rollup_changes(before, self.trace)
        if self.touched.last_started_at != self.last_started_at:
            rollups.add(LAST_STARTED_AT)
        return frozenset(rollups | {HEADS[name] for name in self.head_changes if name in HEADS})


def write_traces(cursor: Cursor, touched: Sequence[Touched], now: Nanos) -> None:
    """Write the rows of some traces; `now` is when those that differ have changed."""
    gone = [trace.gone_row for trace in touched if trace.gone_row is not None]
    if gone:
        delete(cursor, "traces", gone)
    rows = [_row(trace, now) for trace in touched if trace.entries]
    heavy = [row for row in rows if not row.head_changes <= POSITION]
    new = [row for row in heavy if row.touched.row is None]
    if new:
        insert(cursor, "traces", _values(_ALL, new))
    old = [row for row in heavy if row.touched.row is not None]
    load(cursor, [row.head for row in old], frozenset[str]().union(*(row.head_changes for row in old)))
    _update(cursor, old)
    _update(cursor, [row for row in rows if row.head_changes <= POSITION])


def _rollup_changes(before: Trace, trace: Trace) -> set[Stored]:
    return {stored for name, stored in TRACES.items() if getattr(before, name) != getattr(trace, name)}


def _row(touched: Touched, now: Nanos) -> _Row:
    spans = [entry.span for entry in touched.entries.values()]
    trace = summarize(spans)
    last = max(span.started_at for span in spans)
    before = touched.stored
    if before is None or before.head.span_id != trace.head.span_id:
        head_changes = _ALL_HEAD
    else:
        head_changes = changed_columns(touched.entries[trace.head.span_id])
    trace.changed_at = before.changed_at if before is not None else now
    if before is None or head_changes or _rollup_changes(before, trace):
        trace.changed_at = now
    return _Row(touched, trace, last, head_changes)


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
