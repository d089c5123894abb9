"""Writes the rows of traces: all columns of new traces, changed columns of others. Heads are copied from `spans`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import SpanKey
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.tables.columns import HEADS, ROLLUPS

from .known_traces import KnownTrace
from .staging import copy_heads, insert_traces, update_traces

_UNSEEN = frozenset({"is_placed", "last_started_at"})
"""The columns of a trace that are internal to the store."""


def write_traces(
    cursor: Cursor, traces: Iterable[KnownTrace], changed: Mapping[SpanKey, frozenset[str]], now: Nanos
) -> None:
    """Write the rows of the traces; `changed` holds the changed columns of stored spans."""
    new: list[KnownTrace] = []
    old: list[KnownTrace] = []
    for known in traces:
        (old if known.is_stored else new).append(known)
    if new:
        _insert(cursor, new, now)
    if old:
        _update(cursor, old, changed, now)


def _insert(cursor: Cursor, new: Sequence[KnownTrace], now: Nanos) -> None:
    rows = [_rollups(known) | {"changed_at": now} for known in new]
    insert_traces(cursor, _columns(ROLLUPS, rows, [known.trace_id for known in new]), _heads(new))
    for known, row in zip(new, rows, strict=True):
        known.remember(row)


def _update(cursor: Cursor, old: Sequence[KnownTrace], changed: Mapping[SpanKey, frozenset[str]], now: Nanos) -> None:
    heads = [_head_changes(known, changed) for known in old]
    rows = [_rollups(known) for known in old]
    differing: list[tuple[KnownTrace, dict[str, Any]]] = []
    names: set[str] = set()
    for known, row, head in zip(old, rows, heads, strict=True):
        before: Mapping[str, Any] = known.stored or {}
        differs = {name for name, value in row.items() if before[name] != value}
        is_changed = bool(head or differs - _UNSEEN)
        row["changed_at"] = now if is_changed else before["changed_at"]
        if is_changed or differs:
            differing.append((known, row))
            names |= differs | {"changed_at"}
    _copy_heads(cursor, [(known, head) for known, head in zip(old, heads, strict=True) if head])
    if differing:
        starts = [known.stored["started_at"] for known, _ in differing if known.stored]
        values = {name: ROLLUPS[name] for name in names}
        columns = _columns(values, [row for _, row in differing])
        update_traces(cursor, [known.trace_id for known, _ in differing], starts, columns)
    for known, row in differing:
        known.remember(row)


def _copy_heads(cursor: Cursor, heads: Sequence[tuple[KnownTrace, frozenset[str]]]) -> None:
    whole = [known for known, columns in heads if len(columns) == len(HEADS)]
    parts = [(known, columns) for known, columns in heads if len(columns) < len(HEADS)]
    for group, columns in (
        (whole, frozenset(HEADS)),
        ([known for known, _ in parts], frozenset[str]().union(*(columns for _, columns in parts))),
    ):
        if group:
            starts = [known.stored["started_at"] for known in group if known.stored]
            span_ids, began = _heads(group)
            copy_heads(cursor, [known.trace_id for known in group], (starts, began), span_ids, columns)


def _rollups(known: KnownTrace) -> dict[str, Any]:
    return known.state.rollups() | {"is_placed": known.is_placed}


def _head_changes(known: KnownTrace, changed: Mapping[SpanKey, frozenset[str]]) -> frozenset[str]:
    """Return the columns of the head that differ from the copy in the trace's row."""
    head_id = known.state.spans[known.state.head].span_id
    return frozenset(HEADS) if head_id != known.head_id else changed.get((known.trace_id, head_id), frozenset())


def _heads(traces: Collection[KnownTrace]) -> tuple[list[str], list[int]]:
    """Return the span id and the start time of each trace's head."""
    heads = [known.state.spans[known.state.head] for known in traces]
    return [head.span_id for head in heads], [head.started_at for head in heads]


def _columns(
    columns: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], trace_ids: Sequence[str] = ()
) -> dict[Any, list[Any]]:
    values = {stored: [row[name] for row in rows] for name, stored in columns.items() if name != "trace_id"}
    return {columns["trace_id"]: list(trace_ids), **values} if trace_ids else values
