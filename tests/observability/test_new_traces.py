"""Spans that are stored as columns are what they are as records, one by one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from spanwell.observability.derivation.derived import derived
from spanwell.observability.derivation.forest import positions
from spanwell.observability.derivation.new_traces import NewTraces, new_traces
from spanwell.observability.derivation.preorder import preorder
from spanwell.observability.derivation.rollups import summarize
from spanwell.observability.model.fast_spans import make_span
from spanwell.observability.model.span import Span
from spanwell.observability.model.span_batch import SpanColumns
from spanwell.observability.model.trace import TRACE_COLUMNS, Trace
from tests import strategies
from tests.making import at, ended, span

PARENTS = st.none() | strategies.SPAN_IDS | st.just("missing")
BATCHES = st.lists(
    st.builds(lambda given, parent: replace(given, parent_span_id=parent), strategies.SPANS, PARENTS),
    min_size=1,
    max_size=12,
    unique_by=lambda each: each.key,
)


def records(spans: Sequence[Span]) -> dict[str, list[Span]]:
    """Return what creating some spans gives, trace by trace, as records."""
    traces: dict[str, list[Span]] = {}
    for each in spans:
        traces.setdefault(each.trace_id, []).append(derived(each.copy()))
    for together in traces.values():
        for span_id, position in positions(together).items():
            placed = next(each for each in together if each.span_id == span_id)
            placed.has_child_error, placed.tree_start, placed.tree_end, placed.tree_parent = position
    return traces


def rows(columns: Any) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def traces_of(made: NewTraces, spans: Sequence[Span]) -> dict[str, Trace]:
    pairs = zip(rows(made.traces), made.heads, strict=True)
    return {row["trace_id"]: Trace(**row, head=spans[head]) for row, head in pairs}


@given(BATCHES)
def test_columns_give_what_records_give(batch: list[Span]) -> None:
    made = new_traces(SpanColumns.of(batch))
    expected = records(batch)
    if made is None:
        assert any(preorder(together) is None for together in expected.values())  # on a cycle: see below
        return
    spans = [make_span(row.items()) for row in rows(made.spans)]
    assert {each.key: each for each in spans} == {each.key: each for t in expected.values() for each in t}
    assert traces_of(made, spans) == {trace_id: summarize(together) for trace_id, together in expected.items()}
    for last, head in zip(made.last_started_at, made.heads, strict=True):
        assert last == max(each.started_at for each in expected[spans[head].trace_id])
    assert set(made.traces) == {column.name for column in TRACE_COLUMNS}


@given(st.permutations([0, 1, 2, 3, 4]), st.lists(st.sampled_from([0.5, None]), min_size=5, max_size=5))
def test_only_the_topmost_spans_speak_of_usage(parents: list[int], stated: list[float | None]) -> None:
    batch = [
        ended(
            "t",
            str(number),
            None if number == 0 else str(parents[number] % number),
            attributes=None if cost is None else strategies.json_text({"gen_ai.usage.cost": cost, "model": "m"}),
        )
        for number, cost in enumerate(stated)
    ]
    made = new_traces(SpanColumns.of(batch))
    assert made is not None
    assert made.traces["cost_usd"] == [summarize(records(batch)["t"]).cost_usd]


def test_what_takes_records_to_tell_is_left_to_them() -> None:
    twice = [span("t", "a"), span("u", "a"), span("t", "a", started_at=at(1))]
    cycle = [span("t", "a", "b"), span("t", "b", "a"), span("u", "a")]
    assert new_traces(SpanColumns.of(twice)) is None
    assert new_traces(SpanColumns.of(cycle)) is None
    assert new_traces(SpanColumns.of([span("t", "a", "a")])) is None


@given(st.lists(strategies.SPANS, max_size=5))
def test_spans_are_the_same_as_columns_and_as_records(spans: list[Span]) -> None:
    columns = SpanColumns.of(spans)
    assert len(columns) == len(spans)
    assert list(columns) == spans
    assert [columns[place] for place in range(len(spans))] == spans
    assert columns[1:3] == spans[1:3]
    assert SpanColumns.of(columns) is columns
