"""Writes the rows of traces: all columns of new traces, changed columns of others. Heads are copied from `spans`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import ne

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import SpanKey
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.tables.columns import HEADS, ROLLUPS

from .known_traces import ROW, SEEN, KnownTrace, Row
from .rows.arrow import Values
from .staging import Heads, insert_traces, update_traces

_COPIED = frozenset(HEADS) - {stored.column.name for stored in ROW if stored in HEADS.values()}
"""The columns of heads that are copied from `spans`."""
_OWN = [place for place, stored in enumerate(ROW) if stored in ROLLUPS.values()]


def write_traces(
    cursor: Cursor, traces: Iterable[KnownTrace], changed: Mapping[SpanKey, frozenset[str]], now: Nanos
) -> None:
    """Write the rows of the traces; `changed` holds the changed columns of stored spans."""
    new: list[KnownTrace] = []
    old: list[KnownTrace] = []
    for known in traces:
        (new if known.row is None else old).append(known)
    if new:
        _insert(cursor, new, now)
    if old:
        _update(cursor, old, changed, now)


def _insert(cursor: Cursor, new: Sequence[KnownTrace], now: Nanos) -> None:
    rows = [known.current() for known in new]
    values = {ROLLUPS["changed_at"]: [now] * len(new), **_columns(rows, _OWN)}
    insert_traces(cursor, [known.trace_id for known in new], values, _heads(new, frozenset(HEADS)))
    for known, row in zip(new, rows, strict=True):
        known.remember(row, _head_id(known), now)


@dataclass
class _Differing:
    """Traces whose rows differ, with the differing columns of their heads and of `ROW`."""

    traces: list[KnownTrace] = field(default_factory=list[KnownTrace])
    rows: list[Row] = field(default_factory=list[Row])
    head: frozenset[str] = frozenset()
    places: set[int] = field(default_factory=set[int])

    def add(self, known: KnownTrace, row: Row, head: frozenset[str]) -> None:
        """Add a trace."""
        self.traces.append(known)
        self.rows.append(row)
        self.head |= head
        self.places.update(compress(range(len(ROW)), map(ne, known.row or (), row)))


def _update(cursor: Cursor, old: Sequence[KnownTrace], changed: Mapping[SpanKey, frozenset[str]], now: Nanos) -> None:
    groups: dict[tuple[bool, bool], _Differing] = {}  # by what is copied of the head: all, some columns, or none
    for known in old:
        head = _head_changes(known, changed)
        before, row = known.row or (), known.current()
        if head or row[:SEEN] != before[:SEEN]:
            known.changed_at = now
        elif row == before:
            continue
        groups.setdefault((head is _COPIED, bool(head)), _Differing()).add(known, row, head)
    for group in groups.values():
        _write(cursor, group)


def _write(cursor: Cursor, group: _Differing) -> None:
    traces = group.traces
    ids, starts = [known.trace_id for known in traces], [known.started_at for known in traces]
    values = {ROLLUPS["changed_at"]: [known.changed_at for known in traces], **_columns(group.rows, group.places)}
    update_traces(cursor, ids, starts, values, _heads(traces, group.head) if group.head else None)
    for known, row in zip(traces, group.rows, strict=True):
        known.remember(row, _head_id(known), known.changed_at)


def _head_id(known: KnownTrace) -> str:
    return known.state.spans[known.state.head].span_id


def _head_changes(known: KnownTrace, changed: Mapping[SpanKey, frozenset[str]]) -> frozenset[str]:
    """Return the columns of the head that differ from the copy in the trace's row; `_COPIED` if it is another span."""
    head_id = _head_id(known)
    if head_id != known.head_id:
        return _COPIED
    return changed.get((known.trace_id, head_id), frozenset()) & _COPIED


def _heads(traces: Collection[KnownTrace], columns: frozenset[str]) -> Heads:
    heads = [known.state.spans[known.state.head] for known in traces]
    return Heads([head.span_id for head in heads], [head.started_at for head in heads], columns)


def _columns(rows: Sequence[Row], places: Iterable[int]) -> Values:
    return {ROW[place]: [row[place] for row in rows] for place in sorted(places)}
