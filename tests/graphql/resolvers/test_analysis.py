"""The tree of a trace: opened piece by piece, with what it says of each span."""

import asyncio
from typing import Any

import pytest

from spanwell.graphql.schema import schema
from tests.graphql.asking import Asker
from tests.making import at, ended, span

PAGE = "totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { spanId }"
BELOW = f"""query($first: Int, $after: String, $depth: Int, $spanId: ID! = "root") {{
  span(traceId: "t", spanId: $spanId) {{ children(first: $first, after: $after, depth: $depth) {{ {PAGE} }} }}
}}"""


@pytest.fixture
def asker() -> Asker:
    """Give a root with three children, of which the second has two of its own, and one of them another."""
    return Asker(
        ended("t", "root", ended_at=at(10)),
        ended("t", "a", "root", started_at=at(1), ended_at=at(4)),
        ended("t", "b", "root", started_at=at(3), ended_at=at(9)),
        ended("t", "c", "root", started_at=at(9), ended_at=at(9.5), service_name="db"),
        span("t", "b1", "b", started_at=at(5)),
        ended("t", "b2", "b", started_at=at(8), ended_at=at(12)),
        ended("t", "b11", "b1", started_at=at(6), ended_at=at(7)),
        ended("u", "x"),
    )


def below(asker: Asker, **given: Any) -> Any:
    return asker.ask(BELOW, given)["span"]["children"]


def ids(page: Any) -> list[str]:
    return [each["spanId"] for each in page["nodes"]]


def test_a_span_knows_its_place_and_how_long_it_was_busy_itself(asker: Asker) -> None:
    nodes = asker.ask(
        '{ trace(traceId: "t") { spans { nodes { spanId depth childCount descendantCount selfTimeMs } } } }'
    )["trace"]["spans"]["nodes"]
    assert [tuple(each.values()) for each in nodes] == [
        ("root", 0, 3, 6, 1500.0),
        ("a", 1, 0, 0, 3000.0),
        ("b", 1, 2, 3, 2000.0),
        ("b1", 2, 1, 1, None),
        ("b11", 3, 0, 0, 1000.0),
        ("b2", 2, 0, 0, 4000.0),
        ("c", 1, 0, 0, 500.0),
    ]


def test_all_of_a_list_is_answered_by_one_statement_each(asker: Asker) -> None:
    asker.ask("{ spans { nodes { depth childCount selfTimeMs children { totalCount nodes { name depth } } } } }")
    assert asker.called == ["list_spans", "get_surroundings", "list_below", "count_below"]
    asker.ask("{ traces { nodes { criticalPath { durationMs span { name serviceName } } } } }")
    assert asker.called == ["list_traces", "list_trace_spans", "get_spans"]


def test_what_the_places_tell_needs_no_statement(asker: Asker) -> None:
    asker.ask("{ spans { nodes { descendantCount } } }")
    assert asker.call.columns == {"trace_id", "span_id", "started_at", "tree_start", "tree_end"}


def test_a_tree_is_opened_to_some_depth(asker: Asker) -> None:
    assert ids(below(asker)) == ids(below(asker, depth=None)) == ["a", "b", "c"]
    assert ids(below(asker, depth=2)) == ["a", "b", "b1", "b2", "c"]
    assert ids(below(asker, depth=1000)) == ["a", "b", "b1", "b11", "b2", "c"]
    assert ids(below(asker, spanId="b11")) == []


def test_following_end_cursors_visits_every_span_below_once(asker: Asker) -> None:
    seen, after, more = list[str](), None, True
    while more:
        page = below(asker, first=2, after=after, depth=3)
        assert page["totalCount"] == 6
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        seen += ids(page)
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert seen == ["a", "b", "b1", "b11", "b2", "c"]


def test_a_page_stays_in_place_while_spans_arrive(asker: Asker) -> None:
    after = below(asker, first=2, depth=2)["pageInfo"]["endCursor"]
    early = [ended("t", "0", "root"), ended("t", "a1", "a", started_at=at(1))]
    asyncio.run(asker.storage.batch_create_spans(early))
    assert ids(below(asker, after=after, depth=2)) == ["b1", "b2", "c"]


@pytest.mark.parametrize("other", [{"depth": 2}, {"spanId": "b"}])
def test_a_cursor_belongs_to_its_span_and_its_depth(asker: Asker, other: dict[str, Any]) -> None:
    after = below(asker, first=1)["pageInfo"]["endCursor"]
    assert asker.failure(BELOW, {"after": after, **other})["extensions"]["code"] == "BAD_CURSOR"


@pytest.mark.parametrize(
    ("given", "element"),
    [({"first": -1}, "first"), ({"first": 10_001}, "first"), ({"depth": 0}, "depth"), ({"depth": 1_001}, "depth")],
)
def test_arguments_have_bounds(asker: Asker, given: dict[str, Any], element: str) -> None:
    assert asker.bad_input(BELOW, given) == element


def test_the_critical_path_names_what_the_end_waited_for(asker: Asker) -> None:
    query = 'query($first: Int) { trace(traceId: "t") { criticalPath(first: $first) {'
    query += " durationMs startedAt endedAt span { spanId name } } } }"
    path = asker.ask(query)["trace"]["criticalPath"]
    assert [(each["span"]["spanId"], each["durationMs"]) for each in path] == [
        *(("root", 3000.0), ("b", 2000.0), ("b1", 1000.0), ("b11", 1000.0)),
        *(("b1", 2000.0), ("c", 500.0), ("root", 500.0)),
    ]
    assert path[1]["startedAt"] == "2026-01-01T00:00:03Z"
    assert path[1]["endedAt"] == path[2]["startedAt"] == "2026-01-01T00:00:05Z"
    assert path[1]["span"]["name"] == "span b"
    assert asker.ask(query, {"first": 2})["trace"]["criticalPath"] == path[:2]
    assert asker.bad_input(query, {"first": -1}) == "first"


def test_a_path_of_ids_and_moments_reads_nothing_else(asker: Asker) -> None:
    asker.ask('{ trace(traceId: "t") { criticalPath { span { spanId startedAt } } } }')
    assert asker.called == ["get_traces", "list_trace_spans"]


def test_pages_below_pages_add_up(asker: Asker) -> None:
    query = "{ spans(first: 1000) { nodes { children(first: 200) { nodes { spanId } } } } }"
    assert asker.failure(query)["extensions"]["code"] == "QUERY_TOO_COMPLEX"


def test_the_ordinary_executor_gives_the_same(asker: Asker) -> None:
    """Fields that wait stand beside fields that are read column by column."""
    query = """{ traces(first: 2) { nodes { name criticalPath { startedAt span { name depth } }
      spans(first: 9) { nodes {
      spanId depth name selfTimeMs children(depth: 2) { edges { cursor node { childCount name } } } } } } } }"""
    fast = asker.ask(query)
    asker.executor(schema.execution_context_class)
    assert asker.ask(query) == fast
