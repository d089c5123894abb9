"""Rows become records, whatever columns were read of them."""

from spanwell.observability.model.span import SpanKind
from spanwell.storage.duckdb.reading.records import to_spans, to_traces
from spanwell.storage.duckdb.tables.columns import SPANS, TRACES


def test_what_was_not_read_is_at_its_default() -> None:
    (span,) = to_spans([("a", "SERVER")], [SPANS["name"], SPANS["kind"]])
    assert (span.name, span.kind, span.user_id, span.type) == ("a", SpanKind.SERVER, None, "generic")
    (unknown,) = to_spans([("a", None)], [SPANS["name"], SPANS["kind"]])
    assert unknown.kind is None


def test_a_trace_may_be_read_without_a_column_of_its_head() -> None:
    first, second = to_traces([("t", 3), ("u", 4)], 2, [TRACES["trace_id"], TRACES["span_count"]])
    assert [(one.trace_id, one.span_count, one.head.trace_id) for one in (first, second)] == [
        ("t", 3, "t"),
        ("u", 4, "u"),
    ]
    assert to_traces([], 2, [TRACES["trace_id"], TRACES["span_count"]]) == []
