"""What the writer remembers of a batch: its light spans.

They are kept as bytes until one of its traces grows; a trace that arrived whole never does.
"""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

from spanwell.observability.derivation.light_spans import COLUMNS, LightSpan, light_spans
from spanwell.observability.derivation.trace_state import TraceState

Columns: TypeAlias = Mapping[str, Sequence[Any]]


class Remembered:
    """The light columns of a batch."""

    def __init__(self, packed: bytes) -> None:
        self.packed = packed
        """The columns, pickled; another process may have done so."""

    @classmethod
    def of(cls, columns: Columns) -> "Remembered":
        """Pack what is remembered of a batch."""
        return cls(pickle.dumps({name: columns[name] for name in COLUMNS if name in columns}, 5))

    @cached_property
    def _columns(self) -> Columns:
        unpacked: Columns = pickle.loads(self.packed)  # noqa: S301 - a process of ours wrote it
        return unpacked

    @cached_property
    def light(self) -> Sequence[LightSpan]:
        """All spans of the batch, in order."""
        return list(light_spans(self._columns, len(self._columns["span_id"])))

    @cached_property
    def rows(self) -> Mapping[str, Sequence[int]]:
        """The row numbers of each trace."""
        return rows_of_traces(self._columns["trace_id"])

    def state(self, trace_id: str) -> TraceState:
        """Return the state of a trace that consists of this batch's spans only."""
        state = TraceState(self.light[row] for row in self.rows[trace_id])
        state.errors_below_changed.clear()
        return state


def rows_of_traces(trace_ids: Sequence[str]) -> dict[str, list[int]]:
    """Return the row numbers of each trace, in order of first appearance."""
    rows: dict[str, list[int]] = {}
    for row, trace_id in enumerate(trace_ids):
        rows.setdefault(trace_id, []).append(row)
    return rows


def states_of(columns: Columns) -> Iterator[tuple[Sequence[int], TraceState]]:
    """Yield the rows and the state of each trace of a batch."""
    light = list(light_spans(columns, len(columns["span_id"])))
    for rows in rows_of_traces(columns["trace_id"]).values():
        yield rows, TraceState(light[row] for row in rows)
