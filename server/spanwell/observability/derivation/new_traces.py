"""Traces that come whole and new: their spans and rollups as columns, without a record of each span.

What they give is what creating each span by itself would give (`merge.created`, `forest.positions`,
`rollups.summarize`); stores that write columns skip the records.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from spanwell.observability.model.columns import Nanos
from spanwell.observability.model.span import STORED_COLUMNS, SpanStatus
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.observability.model.trace import TRACE_COLUMNS

from .derived import derived_columns
from .rollups import milliseconds, total
from .tree_numbering import Trees, topmost_rows, tree_columns, trees

_ALWAYS: Mapping[str, Any] = {column.name: column.default for column in STORED_COLUMNS if column.default is not None}
"""The columns that every span has a value in, and what it is if none is given."""

_TOKENS = ("input_tokens", "output_tokens", "total_tokens")
_Columns = dict[str, Sequence[Any]]


@dataclass(frozen=True)
class NewTraces:
    """The stored columns of some spans, and of the traces that they make up; what the clock says is left at 0.

    Columns in which nothing is may be missing. `heads` says which of the spans each trace's head is.
    """

    spans: Mapping[str, Sequence[Any]]
    traces: Mapping[str, Sequence[Any]]
    heads: Sequence[int]
    last_started_at: Sequence[int]


def new_traces(given: SpanColumns) -> NewTraces | None:
    """Return what creating some spans gives where nothing of their traces is stored.

    None if it takes records to tell: a span comes twice, or spans are on a cycle.
    """
    given = _by_trace(given)
    spans: _Columns = {**given.values, **derived_columns(given)}
    spans |= {name: [default] * len(given) for name, default in _ALWAYS.items() if name not in spans}
    found = trees(given.trace_ids, given.span_ids, given.column("parent_span_id"), given.column("started_at"))
    if found is None:
        return None
    failed = [status is SpanStatus.ERROR for status in spans["status"]]
    spans |= tree_columns(found, given.trace_ids, failed)
    rows = [_trace(part, first) for first, part in _parts(spans, given.trace_ids, _spoken(spans, found))]
    traces = {column.name: [row.get(column.name) for row in rows] for column in TRACE_COLUMNS}
    return NewTraces(spans, traces, [row["head"] for row in rows], [row["last_started_at"] for row in rows])


def _by_trace(given: SpanColumns) -> SpanColumns:
    """Return spans such that those of a trace follow each other."""
    order = {trace_id: place for place, trace_id in enumerate(dict.fromkeys(given.trace_ids))}
    ranks = [order[trace_id] for trace_id in given.trace_ids]
    rows = sorted(range(len(ranks)), key=ranks.__getitem__)
    if rows == list(range(len(ranks))):
        return given
    usage = None if given.usage is None else [given.usage[row] for row in rows]
    return SpanColumns({name: [values[row] for row in rows] for name, values in given.values.items()}, usage)


def _spoken(spans: _Columns, found: Trees) -> _Columns:
    """Return tokens and costs of those spans alone that speak for their trace."""
    spoken: _Columns = {}
    for names in (_TOKENS, ("cost_usd",)):
        if names[-1] in spans:
            speaks = topmost_rows(found, [value is not None for value in spans[names[-1]]])
            for name in names:
                values = spans.get(name, [None] * len(speaks))
                spoken[name] = [value if is_heard else None for value, is_heard in zip(values, speaks, strict=True)]
    return spoken


def _parts(spans: _Columns, trace_ids: Sequence[str], spoken: _Columns) -> Iterator[tuple[int, _Columns]]:
    """Yield each trace's first row, and its part of the columns that rollups read."""
    columns = {name: spans[name] for name in _ROLLED_UP if name in spans} | spoken
    firsts = [row for row, trace_id in enumerate(trace_ids) if not row or trace_id != trace_ids[row - 1]]
    for first, end in pairwise([*firsts, len(trace_ids)]):
        yield first, {name: values[first:end] for name, values in columns.items()}


_ROLLED_UP = ("trace_id", "span_id", "parent_span_id", "started_at", "ended_at", "status", "service_name")


def _trace(spans: _Columns, first: int) -> dict[str, Any]:
    """Return the columns of a trace by the rules of `rollups.summarize`, the row of its head, and its last start."""
    started_at, statuses = spans["started_at"], spans["status"]
    count = len(started_at)
    ended_at = spans.get("ended_at") or [None] * count
    parents = spans.get("parent_span_id") or [None] * count
    roots = [row for row, parent in enumerate(parents) if parent is None]
    head = _earliest(roots or range(count), started_at, spans["span_id"])
    began = min(started_at)
    ended = None if ended_at[head] is None else max(moment for moment in ended_at if moment is not None)
    ids = {None, *spans["span_id"]}
    errors = list(statuses).count(SpanStatus.ERROR)
    costs = sorted(cost for cost in spans.get("cost_usd", ()) if cost is not None)
    return {
        "trace_id": spans["trace_id"][0],
        "started_at": began,
        "ended_at": ended,
        "duration_ms": milliseconds(began, ended),
        "status": statuses[head],
        "span_count": count,
        "error_count": errors,
        "has_error": errors > 0,
        "orphan_count": len([parent for parent in parents if parent not in ids]),
        "services": sorted({service for service in spans.get("service_name", ()) if service is not None}),
        "has_root": bool(roots),
        "cost_usd": sum(costs) if costs else None,
        **{name: total(spans.get(name, ())) for name in _TOKENS},
        "changed_at": Nanos(0),
        "head": first + head,
        "last_started_at": max(started_at),
    }


def _earliest(rows: Sequence[int], started_at: Sequence[int], span_ids: Sequence[str]) -> int:
    return rows[0] if len(rows) == 1 else min(rows, key=lambda row: (started_at[row], span_ids[row]))
