"""Traces that are whole and new: their rows are made ready beside the writer, which then only inserts them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arro3.core import Array, ChunkedArray

from server.observability.columns import Nanos
from server.observability.new_traces import NewTraces, new_traces
from server.observability.span_columns import SpanColumns

from .readers import Cursor
from .stage import insert_arrays
from .tables import HEADS, LAST_STARTED_AT, SPANS, TRACES, Stored, arrow_array

_Arrays = Mapping[Stored, Array]

_NOW_OF_SPANS = (SPANS["created_at"], SPANS["updated_at"])
_NOW_OF_TRACES = (TRACES["changed_at"], HEADS["created_at"], HEADS["updated_at"])


@dataclass(frozen=True)
class Fresh:
    """Rows for both tables, of one batch; what the clock says is not among them yet."""

    count: int
    spans: _Arrays
    trace_count: int
    traces: _Arrays


def fresh(given: SpanColumns) -> Fresh | None:
    """Return the rows of some spans, if nothing of their traces is stored; None if a span comes twice."""
    made = new_traces(given) if given else None
    if made is None:
        return None
    spans = {SPANS[name]: arrow_array(SPANS[name].column.kind, list(values)) for name, values in made.spans.items()}
    return Fresh(len(given), _without(spans, _NOW_OF_SPANS), len(made.heads), _without(_traces(made), _NOW_OF_TRACES))


def _traces(made: NewTraces) -> dict[Stored, Array]:
    own = {TRACES[name]: list(values) for name, values in made.traces.items()}
    own[LAST_STARTED_AT] = list(made.last_started_at)
    heads = {HEADS[name]: [values[row] for row in made.heads] for name, values in made.spans.items() if name in HEADS}
    given = {stored: values for stored, values in (own | heads).items() if values.count(None) < len(values)}
    return {stored: arrow_array(stored.column.kind, values) for stored, values in given.items()}


def _without(arrays: _Arrays, columns: Sequence[Stored]) -> _Arrays:
    return {stored: array for stored, array in arrays.items() if stored not in columns}


def write_fresh(cursor: Cursor, batches: Sequence[Fresh], now: Nanos) -> None:
    """Insert the rows of some batches, which were stored at a moment."""
    if batches:
        _insert(cursor, "spans", [(batch.count, batch.spans) for batch in batches], _NOW_OF_SPANS, now)
        _insert(cursor, "traces", [(batch.trace_count, batch.traces) for batch in batches], _NOW_OF_TRACES, now)


def _insert(
    cursor: Cursor, table: str, parts: Sequence[tuple[int, _Arrays]], clocked: Sequence[Stored], now: Nanos
) -> None:
    columns = dict.fromkeys(stored for _, arrays in parts for stored in arrays)
    together = {
        stored: ChunkedArray([arrays[stored] if stored in arrays else _of(stored, None, n) for n, arrays in parts])
        for stored in columns
    }
    together |= {stored: ChunkedArray([_of(stored, now, count) for count, _ in parts]) for stored in clocked}
    insert_arrays(cursor, table, together)


def _of(stored: Stored, value: object, count: int) -> Array:
    return arrow_array(stored.column.kind, [value] * count)
