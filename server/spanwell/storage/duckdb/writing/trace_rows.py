"""Writes the rows of traces: all columns of new traces, changed columns of others. Heads are copied from `spans`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import compress
from operator import ne

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import SpanKey
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.tables.columns import HEADS, ROLLUPS

from .known_traces import ROW, SEEN, KnownTrace, Row
from .rows.arrow import Values
from .staging import copy_heads, insert_traces, update_traces

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
    heads = _heads(new)
    rows = [known.current() for known in new]
    values: Values = {
        ROLLUPS["trace_id"]: [known.trace_id for known in new],
        ROLLUPS["changed_at"]: [now] * len(new),
        **_columns(rows, _OWN),
    }
    insert_traces(cursor, values, heads)
    for known, row, head_id in zip(new, rows, heads[0], strict=True):
        known.remember(row, head_id, now)


def _update(cursor: Cursor, old: Sequence[KnownTrace], changed: Mapping[SpanKey, frozenset[str]], now: Nanos) -> None:
    heads = [_head_changes(known, changed) for known in old]
    _copy_heads(cursor, [(known, head) for known, head in zip(old, heads, strict=True) if head])
    differing: list[KnownTrace] = []
    rows: list[Row] = []
    places = set[int]()
    for known, head in zip(old, heads, strict=True):
        before, row = known.row or (), known.current()
        if head or row[:SEEN] != before[:SEEN]:
            known.changed_at = now
        elif row == before:
            continue
        places.update(compress(range(len(ROW)), map(ne, before, row)))
        differing.append(known)
        rows.append(row)
    if differing:
        times = {ROLLUPS["changed_at"]: [known.changed_at for known in differing]}
        ids, starts = [known.trace_id for known in differing], [known.started_at for known in differing]
        update_traces(cursor, ids, starts, {**_columns(rows, places), **times})
    for known, row in zip(differing, rows, strict=True):
        known.remember(row, _head_id(known), known.changed_at)


def _copy_heads(cursor: Cursor, heads: Sequence[tuple[KnownTrace, frozenset[str]]]) -> None:
    whole = [known for known, columns in heads if columns == _COPIED]
    parts = [(known, columns) for known, columns in heads if columns != _COPIED]
    for group, columns in (
        (whole, _COPIED),
        ([known for known, _ in parts], frozenset[str]().union(*(columns for _, columns in parts))),
    ):
        if group:
            span_ids, began = _heads(group)
            starts = [known.started_at for known in group]
            copy_heads(cursor, [known.trace_id for known in group], (starts, began), span_ids, columns)


def _head_id(known: KnownTrace) -> str:
    return known.state.spans[known.state.head].span_id


def _head_changes(known: KnownTrace, changed: Mapping[SpanKey, frozenset[str]]) -> frozenset[str]:
    """Return the columns of the head that differ from the copy in the trace's row."""
    head_id = _head_id(known)
    if head_id != known.head_id:
        return _COPIED
    return changed.get((known.trace_id, head_id), frozenset()) & _COPIED


def _heads(traces: Collection[KnownTrace]) -> tuple[list[str], list[int]]:
    """Return the span id and the start time of each trace's head."""
    heads = [known.state.spans[known.state.head] for known in traces]
    return [head.span_id for head in heads], [head.started_at for head in heads]


def _columns(rows: Sequence[Row], places: Iterable[int]) -> Values:
    return {ROW[place]: [row[place] for row in rows] for place in sorted(places)}
