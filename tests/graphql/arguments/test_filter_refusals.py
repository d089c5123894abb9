"""Filters that mean nothing are refused, and what is wrong in them is named."""

from typing import Any

import pytest

from tests.graphql.asking import Asker
from tests.making import span

SPANS = "query($filter: SpanFilter) { spans(filter: $filter) { nodes { spanId } } }"
TRACES = "query($filter: TraceFilter) { traces(filter: $filter) { nodes { traceId } } }"

REFUSED = [
    ({"name": {"regex": "("}}, "filter.name.regex"),
    ({"or": [{}, {"name": {"regex": "(?<=x)"}}]}, "filter.or[1].name.regex"),
    ({"and": [{"not": {"userId": {"regex": "a{2000}"}}}]}, "filter.and[0].not.userId.regex"),
    ({"attributes": [{"key": "a"}, {"key": "a", "string": {"regex": "["}}]}, "filter.attributes[1].string.regex"),
    ({"attributes": [{"key": "/a~2"}]}, "filter.attributes[0].key"),
    ({"attributes": [{"key": "/a" * 101}]}, "filter.attributes[0].key"),
    ({"parent": {"some": {"name": {"regex": "*"}}}}, "filter.parent.some.name.regex"),
    ({"descendant": {"none": {"or": [{"name": {"regex": "*"}}]}}}, "filter.descendant.none.or[0].name.regex"),
]


@pytest.mark.parametrize(("given", "element"), REFUSED)
def test_what_is_wrong_inside_a_filter_is_named_from_outside_in(given: Any, element: str) -> None:
    assert Asker().bad_input(SPANS, {"filter": given}) == element


def test_what_is_wrong_inside_a_filter_of_a_trace_is_named_too() -> None:
    bad = {"name": {"regex": "("}}
    for name in ("some", "none", "every"):
        assert Asker().bad_input(TRACES, {"filter": {"spans": {name: bad}}}) == f"filter.spans.{name}.name.regex"
    given = {"spans": {"count": {"where": bad, "is": {"eq": 1}}}}
    assert Asker().bad_input(TRACES, {"filter": given}) == "filter.spans.count.where.name.regex"


def test_a_bad_filter_of_the_spans_of_a_trace_is_named() -> None:
    asker = Asker(span("t", "a"))
    query = '{ trace(traceId: "t") { traceId spans(filter: {name: {regex: "("}}) { totalCount } } }'
    assert asker.bad_input(query) == "filter.name.regex"


def test_a_filter_may_not_nest_without_end() -> None:
    given: Any = {"name": {"eq": "x"}}
    for _ in range(30):
        given = {"not": given}
    assert Asker().bad_input(SPANS, {"filter": given}).startswith("filter.not.not")
    given = {"name": {"eq": "x"}}
    for _ in range(30):
        given = {"parent": {"some": given}}
    assert Asker().bad_input(SPANS, {"filter": given}).startswith("filter.parent.some.parent")


@pytest.mark.parametrize(
    "given",
    [
        {"nope": {"eq": "x"}},
        {"name": {"like": "x"}},
        {"name": {"eq": 5}},
        {"name": {"in": [None]}},
        {"status": {"eq": "BROKEN"}},
        {"inputTokens": {"gt": 2**31}},
        {"inputTokens": {"gt": 1.5}},
        {"durationMs": {"gt": "fast"}},
        {"or": [None]},
        {"attributes": [{"string": {"eq": "x"}}]},
        {"spanCount": {"eq": 1}},
        "name",
    ],
)
def test_a_filter_of_the_wrong_shape_is_refused(given: Any) -> None:
    assert Asker().bad_input(SPANS, {"filter": given}).startswith("filter")
