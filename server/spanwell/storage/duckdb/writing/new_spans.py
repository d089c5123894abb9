"""Writes new spans: the rows of their batches, the writer's timestamps, and the columns that follow from traces."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from arro3.core import Array, ChunkedArray, DataType

from spanwell.observability.derivation.places import PLACES
from spanwell.observability.derivation.trace_state import TraceState
from spanwell.observability.model.columns import Nanos
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.tables.columns import HEADS, ROLLUPS, SPANS, Stored

from .known_traces import KnownTrace
from .rows.arrow import arrow_array
from .rows.span_rows import CLOCKED, OF_TRACE, Arrays, SpanRows
from .staging import insert_arrays

_NOW_OF_SPANS = tuple(SPANS[name] for name in CLOCKED)
_NOW_OF_TRACES = (ROLLUPS["changed_at"], *(HEADS[name] for name in CLOCKED))
_UNPLACED = (0, 0, None, None, None)


class NewSpans:
    """The new spans of a transaction that are still to be written, batch by batch."""

    def __init__(self, known: Mapping[str, KnownTrace]) -> None:
        self._known = known
        self._waiting: list[tuple[SpanRows, Sequence[int]]] = []
        self._whole: list[SpanRows] = []

    def add_whole(self, batch: SpanRows, now: Nanos) -> None:
        """Take a batch whose spans and traces are all new; its traces are remembered unchanged."""
        self._whole.append(batch)
        trace_ids = set(batch.given.trace_ids)
        for trace_id in trace_ids:
            self._known[trace_id].come_whole(batch.remembered, now, -(-len(batch.given) // len(trace_ids)))

    def add(self, batch: SpanRows, rows: Sequence[int]) -> None:
        """Take rows of a batch that their traces have accepted."""
        if rows:
            self._waiting.append((batch, rows))

    def write(self, cursor: Cursor, now: Nanos) -> None:
        """Insert all pending rows. A trace without a row is complete by now, so its spans get their places."""
        self._write_whole(cursor, now)
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        columns = self._derived(waiting)
        counts = [len(rows) for _, rows in waiting]
        for name in CLOCKED:
            columns[SPANS[name]] = [now] * sum(counts)
        arrays = {stored: _in_parts(arrow_array(stored.column.kind, v), counts) for stored, v in columns.items()}
        insert_arrays(cursor, "spans", {**arrays, **_as_they_came(waiting)})

    def _write_whole(self, cursor: Cursor, now: Nanos) -> None:
        whole, self._whole = self._whole, []
        if whole:
            _insert(cursor, "spans", [batch.spans for batch in whole], _NOW_OF_SPANS, now)
            _insert(cursor, "traces", [batch.traces or {} for batch in whole], _NOW_OF_TRACES, now)

    def _derived(self, waiting: Sequence[tuple[SpanRows, Sequence[int]]]) -> dict[Stored, list[Any]]:
        trace_ids = [batch.given.trace_ids[row] for batch, rows in waiting for row in rows]
        light = [batch.remembered.light[row] for batch, rows in waiting for row in rows]
        traces = {trace_id: self._extended(trace_id) for trace_id in dict.fromkeys(trace_ids)}
        errors: list[bool] = []
        places: list[tuple[Any, ...]] = []
        for trace_id, span in zip(trace_ids, light, strict=True):
            state, of_trace = traces[trace_id]
            own = state.rows[span.span_id]
            errors.append(state.has_child_error(own))
            state.errors_below_changed.discard(own)
            places.append(_UNPLACED if of_trace is None else of_trace[own])
        found = {SPANS[name]: list(values) for name, values in zip(PLACES, zip(*places, strict=True), strict=True)}
        return {SPANS["has_child_error"]: errors, **found}

    def _extended(self, trace_id: str) -> tuple[TraceState, list[tuple[Any, ...]] | None]:
        """Add the pending spans to a trace; return its state, and the places of its spans if none is stored yet."""
        known = self._known[trace_id]
        known.add_coming()
        known.is_placed = not known.is_begun
        known.is_begun = True
        state = known.state
        return state, list(zip(*state.places().values(), strict=True)) if known.is_placed else None


def _as_they_came(waiting: Sequence[tuple[SpanRows, Sequence[int]]]) -> dict[Stored, ChunkedArray]:
    """Return the columns of the batches, a chunk for each, without those that follow from whole traces."""
    columns = dict.fromkeys(stored for batch, _ in waiting for stored in batch.spans if stored.name not in OF_TRACE)
    return {stored: ChunkedArray([_part(stored, batch, rows) for batch, rows in waiting]) for stored in columns}


def _in_parts(array: Array, counts: Sequence[int]) -> ChunkedArray:
    """Return an array in chunks of some lengths."""
    ends = list(accumulate(counts))
    return ChunkedArray([array.slice(end - count, count) for end, count in zip(ends, counts, strict=True)])


def _part(stored: Stored, batch: SpanRows, rows: Sequence[int]) -> Array:
    array = batch.spans.get(stored)
    if array is None:
        return _of(stored, None, len(rows))
    return array if len(rows) == len(batch.given) else array.take(Array(list(rows), type=DataType.uint64()))


def _insert(cursor: Cursor, table: str, parts: Sequence[Arrays], clocked: Sequence[Stored], now: Nanos) -> None:
    """Insert the rows of whole batches, with the timestamp in the `clocked` columns."""
    counts = [len(next(iter(part.values()))) for part in parts]
    columns = dict.fromkeys(stored for part in parts for stored in part)
    together = {
        stored: ChunkedArray(
            [part[stored] if stored in part else _of(stored, None, n) for part, n in zip(parts, counts, strict=True)]
        )
        for stored in columns
    }
    together |= {stored: ChunkedArray([_of(stored, now, count) for count in counts]) for stored in clocked}
    insert_arrays(cursor, table, together)


def _of(stored: Stored, value: object, count: int) -> Array:
    return arrow_array(stored.column.kind, [value] * count)
