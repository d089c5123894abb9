"""Traces that come whole and new: their spans and rollups as columns, without a record of each span.

What they give is what creating each span by itself would give; stores that write columns skip the records.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .derived import derived_columns
from .forest import Position, positions
from .rollups import summarize
from .span import STORED_COLUMNS, Span
from .span_columns import SpanColumns
from .trace import Trace

TREE = (
    frozenset({"trace_id", "span_id", "parent_span_id", "started_at", "ended_at", "status", "service_name"})
    | frozenset({"input_tokens", "output_tokens", "total_tokens", "cost_usd"})
)  # fmt: skip
"""The columns of a span that a trace's forest and rollups are made of."""

_ALWAYS: Mapping[str, Any] = {column.name: column.default for column in STORED_COLUMNS if column.default is not None}
"""The columns that every span has a value in, and what it is if none is given."""


@dataclass(frozen=True)
class NewTraces:
    """The stored columns of some spans, and the traces that they make up; what the clock says is left at 0."""

    spans: Mapping[str, Sequence[Any]]
    """The columns in which anything is, by their names."""
    traces: Sequence[Trace]
    heads: Sequence[int]
    """Which of the spans each trace's head is."""
    last_started_at: Sequence[int]
    """When the last span of each trace began."""


def new_traces(given: SpanColumns) -> NewTraces | None:
    """Return what creating some spans gives where nothing of their traces is stored; None if a span comes twice."""
    count = len(given)
    if len(set(zip(given.trace_ids, given.span_ids, strict=True))) < count:
        return None
    columns: dict[str, Sequence[Any]] = {**given.values, **derived_columns(given)}
    columns |= {name: [default] * count for name, default in _ALWAYS.items() if name not in columns}
    spans = _tree_records(columns)
    places: list[Position | None] = [None] * count
    traces, heads, last = list[Trace](), list[int](), list[int]()
    for rows in _by_trace(given.trace_ids).values():
        of_trace = [spans[row] for row in rows]
        found = positions(of_trace)
        for row, span in zip(rows, of_trace, strict=True):
            places[row] = found[span.span_id]
        trace = summarize(of_trace)
        traces.append(trace)
        heads.append(next(row for row, span in zip(rows, of_trace, strict=True) if span is trace.head))
        last.append(max([span.started_at for span in of_trace]))
    columns |= zip(Position._fields, zip(*places, strict=True), strict=True)
    return NewTraces(columns, traces, heads, last)


def _tree_records(columns: Mapping[str, Sequence[Any]]) -> list[Span]:
    """Return records with the columns of the tree alone."""
    chosen = {name: values for name, values in columns.items() if name in TREE}
    made: list[Span] = []
    for row in zip(*chosen.values(), strict=True):
        span = object.__new__(Span)
        span.__dict__.update(zip(chosen, row, strict=True))
        made.append(span)
    return made


def _by_trace(trace_ids: Sequence[str]) -> dict[str, list[int]]:
    """Return the rows of each trace."""
    rows: dict[str, list[int]] = {}
    for row, trace_id in enumerate(trace_ids):
        rows.setdefault(trace_id, []).append(row)
    return rows
