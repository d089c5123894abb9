"""Writes the places of spans in traces that grew: when a query needs them, or while no writes are waiting."""

from collections.abc import Sequence
from typing import Any

from spanwell.observability.derivation.places import PLACES
from spanwell.storage.duckdb.reading.readers import Cursor
from spanwell.storage.duckdb.tables.columns import HEADS, SPANS

from .known_traces import KnownTrace
from .staging import update_by_key, update_traces


def place(cursor: Cursor, traces: Sequence[KnownTrace]) -> None:
    """Write the places of all spans of traces; mark the trace rows as placed, and copy the heads' places to them."""
    unplaced = [known for known in traces if known.row is not None and not known.is_placed]
    if not unplaced:
        return
    keys: tuple[list[str], list[str], list[int]] = ([], [], [])
    values: dict[str, list[Any]] = {name: [] for name in PLACES}
    heads: dict[str, list[Any]] = {name: [] for name in PLACES}
    for known in unplaced:
        spans, found = known.state.spans, known.state.places()
        keys[0].extend([known.trace_id] * len(spans))
        keys[1].extend(span.span_id for span in spans)
        keys[2].extend(span.started_at for span in spans)
        for name in PLACES:
            values[name] += found[name]
            heads[name].append(found[name][known.state.head])
        known.is_placed = True
    update_by_key(cursor, keys, {SPANS[name]: column for name, column in values.items()})
    starts = [known.started_at for known in unplaced]
    columns = {HEADS[name]: column for name, column in heads.items()}
    update_traces(cursor, [known.trace_id for known in unplaced], starts, columns)
