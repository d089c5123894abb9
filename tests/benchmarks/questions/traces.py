"""Questions about one trace, or two; by hand, the spans are read by their trace's id."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from spanwell.observability.analysis.outline import COLUMNS, Outline
from spanwell.storage.duckdb.blocks import RowBlock, Shape
from spanwell.storage.duckdb.reading.records import to_spans
from spanwell.storage.duckdb.tables.columns import SPANS

from .case import Case, Cursor, Row, rows


def traces(base: str, other: str) -> Iterator[Case]:
    """Yield the questions about two traces."""
    yield Case(
        "traceDiff",
        f'{{ traceDiff(base: "{base}", other: "{other}") {{ paths {{ path change durationChangeMs }} }} }}',
        partial(_diff, base, other),
    )
    yield Case("outline", f'{{ trace(traceId: "{base}") {{ outline }} }}', partial(_outline, base))
    yield Case(
        "spans, keepAncestors",
        f'{{ trace(traceId: "{base}") {{ spans(filter: {{status: {{eq: ERROR}}}}, keepAncestors: true, first: 1000)'
        " { nodes { spanId name } } } }",
        partial(_failures, base),
    )


def _diff(base: str, other: str, cursor: Cursor) -> object:
    """Add up the spans on each path, in one dictionary for both traces, and list the paths in pre-order."""
    paths: dict[tuple[str, ...], tuple[list[Any], list[Any]]] = {}
    for side, trace_id in enumerate((base, other)):
        by_place: dict[int | None, tuple[str, ...]] = {None: ()}
        spans = rows(
            cursor,
            "SELECT name, tree_start, tree_parent, status = 'ERROR', coalesce(duration_ms, 0) FROM spans"
            f" WHERE trace_id = '{trace_id}'",
        )
        for name, start, parent, failed, duration in sorted(spans, key=lambda span: span[1]):
            path = by_place[start] = (*by_place[parent], name)
            figures = paths.setdefault(path, ([0, 0, 0.0], [0, 0, 0.0]))[side]
            figures[0] += 1
            figures[1] += failed
            figures[2] += duration
    below: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for path in paths:
        below.setdefault(path[:-1], []).append(path)
    found: list[object] = []
    waiting = below.get((), [])[::-1]
    while waiting:
        path = waiting.pop()
        here, there = paths[path]
        same = "SAME" if here[:2] == there[:2] else "CHANGED"
        change = "ADDED" if not here[0] else "REMOVED" if not there[0] else same
        found.append({"path": path, "change": change, "durationChangeMs": there[2] - here[2]})
        waiting += below.get(path, [])[::-1]
    return {"traceDiff": {"paths": found}}


_OUTLINED = [stored for name, stored in SPANS.items() if name in COLUMNS]
_MESSAGES = (
    "SELECT span_id, coalesce(error_info ->> '/message', status_message) FROM spans"
    " WHERE trace_id = '{}' AND span_id IN ({})"
)
_SHAPE = Shape(_OUTLINED, partial(to_spans, columns=_OUTLINED))


def _outline(trace_id: str, cursor: Cursor) -> object:
    """Read the spans by hand; what is shown of them is chosen and written by the server's own code in both."""
    shown = ", ".join(stored.name for stored in _OUTLINED)
    found: list[Row] = rows(cursor, f"SELECT {shown} FROM spans WHERE trace_id = '{trace_id}' ORDER BY tree_start")
    outline = Outline(RowBlock(found, _SHAPE), 60, fold_similar=True)
    failed = ", ".join(f"'{span_id}'" for span_id in outline.failed)
    messages: dict[str, str] = dict(rows(cursor, _MESSAGES.format(trace_id, failed)) if failed else [])
    return {"trace": {"outline": outline.text([messages[span_id] for span_id in outline.failed])}}


def _failures(trace_id: str, cursor: Cursor) -> object:
    found = rows(
        cursor,
        "WITH tree AS MATERIALIZED (SELECT span_id, name, status, started_at, tree_start, tree_end FROM spans WHERE"
        f" trace_id = '{trace_id}') SELECT a.span_id, a.name FROM tree a WHERE EXISTS (SELECT 1 FROM tree e WHERE"
        " e.status = 'ERROR' AND e.tree_start BETWEEN a.tree_start AND a.tree_end)"
        " ORDER BY a.started_at, a.span_id LIMIT 1000",
    )
    return {"trace": {"spans": {"nodes": [{"spanId": span_id, "name": name} for span_id, name in found]}}}
