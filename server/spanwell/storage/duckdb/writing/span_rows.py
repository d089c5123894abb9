"""The rows that a batch comes to where its traces are new: made beside the writer, or by another process as bytes.

Where a trace is stored already, its spans go in with the same columns, but for those that follow from the whole trace.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from arro3.core import Array

from spanwell.observability.conventions.prices import PUBLIC, Prices
from spanwell.observability.derivation.derived import derived_columns
from spanwell.observability.derivation.places import PLACES
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import STORED_COLUMNS
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.storage.duckdb.tables.columns import HEADS, ROLLUPS, SPANS, Stored

from .arrow import arrays_of
from .remembered import Remembered, states_of

Arrays: TypeAlias = Mapping[Stored, Array]
"""Columns of a table by what they are stored as."""

CLOCKED = ("created_at", "updated_at")
"""The columns that the writer's clock fills."""
OF_TRACE = ("has_child_error", *PLACES)
"""The columns that follow from all spans of a trace."""

_ALWAYS: Mapping[str, Any] = {
    column.name: column.default
    for column in STORED_COLUMNS
    if column.default is not None and column.name not in {*CLOCKED, *OF_TRACE}
}
"""The columns that every span has a value in, and what it is if none is given."""


@dataclass(frozen=True)
class SpanRows:
    """A batch as rows of `spans` and `traces`, as they are if its traces are new; without what the clock says.

    `traces` is None if a span comes twice in the batch, or if none of its traces brings its root: they have begun
    elsewhere, most likely, and what follows from them is known to the writer alone.
    """

    given: SpanColumns
    spans: Arrays
    traces: Arrays | None
    remembered: Remembered


def span_rows(given: SpanColumns, prices: Prices = PUBLIC) -> SpanRows:
    """Return the rows of a batch, for which `prices` say what tokens cost; another process may have made them."""
    if isinstance(given.rows, SpanRows):
        return given.rows
    columns: dict[str, Sequence[Any]] = {**given.values, **derived_columns(given, prices)}
    columns |= {name: [default] * len(given) for name, default in _ALWAYS.items() if name not in columns}
    made = _traces(columns) if _may_be_whole(columns) else None
    if made is None:
        return SpanRows(given, _arrays(SPANS, columns), None, Remembered.of(columns, None))
    of_trace, traces, heads = made
    spans = _arrays(SPANS, {**columns, **of_trace})
    copied = {name: [values[row] for row in heads] for name, values in {**columns, **of_trace}.items()}
    own = arrays_of({ROLLUPS[name]: values for name, values in traces.items()})
    return SpanRows(given, spans, {**own, **_arrays(HEADS, copied)}, Remembered.of(columns, traces))


def _may_be_whole(columns: Mapping[str, Sequence[Any]]) -> bool:
    parents = columns.get("parent_span_id")
    return bool(columns["span_id"]) and (parents is None or None in parents)


def _traces(
    columns: Mapping[str, Sequence[Any]],
) -> tuple[dict[str, list[Any]], dict[str, list[Any]], list[int]] | None:
    """Return the columns of `OF_TRACE`, those of the traces, and the row of each one's head."""
    of_trace: dict[str, list[Any]] = {name: [] for name in OF_TRACE}
    order: list[int] = []
    traces: list[dict[str, Any]] = []
    heads: list[int] = []
    for rows, state in states_of(columns):
        if len(state) < len(rows):
            return None
        order += rows
        of_trace["has_child_error"] += map(state.has_child_error, range(len(rows)))
        for name, values in state.places().items():
            of_trace[name] += values
        traces.append({"trace_id": columns["trace_id"][rows[0]], **state.rollups(), "is_placed": True})
        heads.append(rows[state.head])
    rollups = {name: [row[name] for row in traces] for name in traces[0]}
    return _in_order(of_trace, order), {**rollups, "changed_at": [Nanos(0)] * len(traces)}, heads


def _in_order(columns: Mapping[str, list[Any]], rows: Sequence[int]) -> dict[str, list[Any]]:
    """Return columns whose values are those of some rows in the order of the rows."""
    places = sorted(range(len(rows)), key=rows.__getitem__)
    return {name: [values[place] for place in places] for name, values in columns.items()}


def _arrays(table: Mapping[str, Stored], columns: Mapping[str, Sequence[Any]]) -> dict[Stored, Array]:
    stated = {table[name]: values for name, values in columns.items() if name in table}
    return arrays_of({stored: values for stored, values in stated.items() if _states_any(values)})


def _states_any(values: Sequence[Any]) -> bool:
    return any(value is not None for value in values)
