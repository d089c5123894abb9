"""The rows of a batch whose traces are new: built outside the writer's thread, or by another process as bytes.

If a trace is stored already, its spans are inserted with the same columns, except those that follow from whole traces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from arro3.core import Array

from spanwell.observability.conventions.prices import PUBLIC, Prices
from spanwell.observability.derivation.derived import derived_columns
from spanwell.observability.derivation.places import PLACES
from spanwell.observability.derivation.trace_state import ROLLED_UP
from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import STORED_COLUMNS
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.storage.duckdb.tables.columns import HEADS, ROLLUPS, SPANS, Stored

from .arrow import arrays_of
from .remembered import Remembered, states_of

Arrays: TypeAlias = Mapping[Stored, Array]
"""Arrow arrays by stored column."""

CLOCKED = ("created_at", "updated_at")
"""The columns that the writer's clock fills."""
OF_TRACE = ("has_child_error", *PLACES)
"""The columns that follow from all spans of a trace."""

_ALWAYS: Mapping[str, Any] = {
    column.name: column.default
    for column in STORED_COLUMNS
    if column.default is not None and column.name not in {*CLOCKED, *OF_TRACE}
}
"""The columns that are never null, and their defaults."""


class PreparedRows(NamedTuple):
    """The rows of a batch as another process prepared them, without the batch, which holds them."""

    spans: Arrays
    traces: Arrays | None
    remembered: Remembered


@dataclass(frozen=True)
class SpanRows:
    """A batch as rows of `spans` and `traces`, assuming that its traces are new; without the writer's timestamps.

    `traces` is None if a span occurs twice in the batch, or if none of its traces includes its root: these most likely
    began in an earlier batch, so only the writer can derive their columns.
    """

    given: SpanColumns
    spans: Arrays
    traces: Arrays | None
    remembered: Remembered

    def ready(self) -> "SpanRows":
        """Unpack what is remembered if the writer is sure to need it: beside the writer, which others wait for."""
        if self.traces is None:
            _ = self.remembered.light, self.remembered.rows
        return self


def span_rows(given: SpanColumns, prices: Prices = PUBLIC) -> SpanRows:
    """Return the rows of a batch, with costs by `prices`; a batch prepared by another process has its rows already."""
    if isinstance(given.rows, PreparedRows):
        return SpanRows(given, *given.rows).ready()
    columns: dict[str, Sequence[Any]] = {**given.values, **derived_columns(given, prices)}
    columns |= {name: [default] * len(given) for name, default in _ALWAYS.items() if name not in columns}
    made = _traces(columns) if _may_be_whole(columns) else None
    if made is None:
        return SpanRows(given, _arrays(SPANS, columns), None, Remembered.of(columns))
    of_trace, traces, heads = made
    spans = _arrays(SPANS, {**columns, **of_trace})
    copied = {name: [values[row] for row in heads] for name, values in {**columns, **of_trace}.items()}
    own = arrays_of({ROLLUPS[name]: values for name, values in traces.items()})
    return SpanRows(given, spans, {**own, **_arrays(HEADS, copied)}, Remembered.of(columns))


def _may_be_whole(columns: Mapping[str, Sequence[Any]]) -> bool:
    parents = columns.get("parent_span_id")
    return bool(columns["span_id"]) and (parents is None or None in parents)


def _traces(
    columns: Mapping[str, Sequence[Any]],
) -> tuple[dict[str, list[Any]], dict[str, list[Any]], list[int]] | None:
    """Return the columns of `OF_TRACE`, the columns of the traces, and the row number of each trace's head."""
    of_trace: dict[str, list[Any]] = {name: [] for name in OF_TRACE}
    order: list[int] = []
    trace_ids: list[str] = []
    rollups: list[tuple[Any, ...]] = []
    heads: list[int] = []
    for rows, state in states_of(columns):
        if len(state) < len(rows):
            return None
        order += rows
        of_trace["has_child_error"] += map(state.has_child_error, range(len(rows)))
        for name, values in state.places().items():
            of_trace[name] += values
        trace_ids.append(columns["trace_id"][rows[0]])
        rollups.append(state.rollups())
        heads.append(rows[state.head])
    traces = {name: list(values) for name, values in zip(ROLLED_UP, zip(*rollups, strict=True), strict=True)}
    traces |= {"trace_id": trace_ids, "is_placed": [True] * len(heads), "changed_at": [Nanos(0)] * len(heads)}
    return _in_order(of_trace, order), traces, heads


def _in_order(columns: dict[str, list[Any]], rows: list[int]) -> dict[str, list[Any]]:
    """Return columns in row order; `rows` are the row numbers of their values."""
    if rows == list(range(len(rows))):  # most senders keep the spans of a trace together
        return columns
    places = sorted(range(len(rows)), key=rows.__getitem__)
    return {name: [values[place] for place in places] for name, values in columns.items()}


def _arrays(table: Mapping[str, Stored], columns: Mapping[str, Sequence[Any]]) -> dict[Stored, Array]:
    stated = {table[name]: values for name, values in columns.items() if name in table}
    return arrays_of({stored: values for stored, values in stated.items() if _states_any(values)})


def _states_any(values: Sequence[Any]) -> bool:
    return any(value is not None for value in values)
